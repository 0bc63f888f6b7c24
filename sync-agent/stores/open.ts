/** The store that the configuration names. The S3 client is loaded only where S3 is used. */
import type { SyncConfiguration } from '../configuration.ts';
import { openFolderStore } from './folder.ts';
import type { Store } from './store.ts';

export async function openStore(configuration: SyncConfiguration['store']): Promise<Store> {
  if (configuration.kind === 'folder') return openFolderStore(configuration.path);
  const { openS3Store } = await import('./s3.ts');
  return openS3Store(configuration);
}
