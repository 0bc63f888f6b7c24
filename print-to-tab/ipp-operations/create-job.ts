/** Create-Job, RFC 8011 section 4.2.4: a job that waits for its document, `idleMs` long. */
import { answerJob } from './answer-job.ts';
import { checkNewJob, createJob } from './check-job-creation.ts';
import type { Operation } from './operation.ts';

export const createJobOperation: Operation = (request, service) => {
  const refusal = checkNewJob(request);
  if (refusal !== null) return refusal;
  const job = createJob(request, service);
  if ('status' in job) return job;
  service.jobs.awaitDocument(job);
  return answerJob(job, request);
};
