/** Print-Job, RFC 8011 section 4.2.1: job and document in one request. */
import { checkNewJob, createJob } from './check-job-creation.ts';
import type { Operation } from './operation.ts';
import { takeDocument } from './take-document.ts';

export const printJob: Operation = async (request, service) => {
  const refusal = checkNewJob(request);
  if (refusal !== null) return refusal;
  const job = createJob(request, service);
  if ('status' in job) return job;
  const response = await takeDocument(job, request, service);
  // The store did not take it, and the client never heard of a job: it will come with a new one.
  if (job.document === 'awaited') service.jobs.forget(job);
  return response;
};
