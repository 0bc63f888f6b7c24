/** Cancel-My-Jobs, PWG 5100.11: all unfinished jobs of the claimed user, or those named in job-ids. */
import { find } from '../ipp-codec/message.ts';
import { isFinished, type Job } from '../jobs.ts';
import { cancel } from './cancel.ts';
import { answer, claimedUser, refuse, type Operation, type Request, type Service } from './operation.ts';

export const cancelMyJobs: Operation = async (request, service) => {
  const mine = cancellable(request, service);
  const named = find(request.attributes, 'job-ids')?.values.flatMap((value) => (value.type === 'integer' ? [value.value] : []));
  if (named !== undefined && !named.every((id) => mine.some((job) => job.id === id))) {
    return refuse('client-error-not-possible', 'Not all of these jobs are yours and still unfinished. None was cancelled.');
  }
  for (const job of mine) {
    if (named === undefined || named.includes(job.id)) await cancel(job, service);
  }
  return answer();
};

function cancellable({ printer, attributes }: Request, { jobs }: Service): Job[] {
  const user = claimedUser(attributes);
  return jobs.of(printer.id).filter((job) => job.user === user && !isFinished(job));
}
