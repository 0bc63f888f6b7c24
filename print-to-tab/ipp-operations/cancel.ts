/**
 * Stops an unfinished job. While its document arrives, marking it is enough: the next bytes find the mark and abort
 * the sink. Afterwards the store has to be told.
 */
import type { Job } from '../jobs.ts';
import type { Service } from './operation.ts';

export async function cancel(job: Job, { jobs, store }: Service): Promise<void> {
  const inStore = job.document === 'closing';
  jobs.cancel(job);
  if (inStore) await store.cancel(job.id);
}
