/** Where finished packets go, under which key, and whether both can be reached from here. */
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { readConfiguration } from '#sync-agent/index.ts';
import type { Finding } from './finding.ts';
import { nearestFolder } from './nearest-folder.ts';

const REACH_MS = 3_000;

export async function store(home: string): Promise<Finding[]> {
  const { store, kms } = readConfiguration(home);
  const keys: Finding = kms === null
    ? { id: 'kms', state: 'warning', detail: 'not configured: packets are wrapped for a local key', advice: 'Name a KMS key in sync.json before you go live.' }
    : await reach('kms', kms.endpoint ?? `https://kms.${kms.region}.amazonaws.com`, kms.offline === null
      ? 'While it is away nothing can be signed: name an offlinePublicKey in sync.json.' : 'While it is away the offline key serves.');
  if (store.kind === 's3') return [await reach('store', store.endpoint ?? `https://s3.${store.region}.amazonaws.com`, 'Packets wait in the outbox until it is back.'), keys];
  return [folder(store.path), keys];
}

function folder(path: string): Finding {
  try {
    accessSync(nearestFolder(path), constants.W_OK);
    return { id: 'store', state: 'ok', detail: `folder ${path}`, advice: '' };
  } catch {
    return { id: 'store', state: 'missing', detail: `${path} cannot be written to`, advice: 'Give this user the right to write there, or name another folder in sync.json.' };
  }
}

function reach(id: 'store' | 'kms', address: string, advice: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: REACH_MS });
    const answer = (state: Finding['state'], detail: string) => {
      socket.destroy();
      resolve({ id, state, detail, advice: state === 'ok' ? '' : advice });
    };
    socket.once('connect', () => answer('ok', `${hostname} answers`));
    socket.once('timeout', () => answer('warning', `${hostname} does not answer`));
    socket.once('error', (error) => answer('warning', `${hostname} cannot be reached (${error.message})`));
  });
}
