/** Cancel-Job, RFC 8011 section 4.3.3: what Windows does when a job is deleted from the queue window. */
import { isFinished } from '../jobs.ts';
import { cancel } from './cancel.ts';
import { answer, refuse, type Operation } from './operation.ts';
import { ownTargetJob } from './target-job.ts';

export const cancelJob: Operation = async (request, service) => {
  const job = ownTargetJob(request, service);
  if ('status' in job) return job;
  if (isFinished(job)) {
    return refuse('client-error-not-possible', `Job ${job.id} has already ended. A document that is on the tablet is stopped at the desk.`);
  }
  await cancel(job, service);
  return answer();
};
