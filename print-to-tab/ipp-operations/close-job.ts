/** Close-Job, PWG 5100.11: no more documents will come. A job without any ends here. */
import { nothingArrived } from '../document-format.ts';
import { answerJob } from './answer-job.ts';
import { refuse, type Operation } from './operation.ts';
import { ownTargetJob } from './target-job.ts';

export const closeJob: Operation = (request, service) => {
  const job = ownTargetJob(request, service);
  if ('status' in job) return job;
  if (job.document === 'awaited') service.jobs.abort(job, 'document-format-error', nothingArrived(job.name));
  return job.state === 'canceled' ? refuse('client-error-not-possible', job.message) : answerJob(job, request);
};
