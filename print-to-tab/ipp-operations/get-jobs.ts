/** Get-Jobs, RFC 8011 section 4.2.6: unfinished jobs as they came, finished ones newest first. */
import { booleanOf, integerOf, stringOf, stringsOf } from '../ipp-codec/message.ts';
import { jobDescription } from '../job-attributes.ts';
import { isFinished, type Job } from '../jobs.ts';
import { requestedAttributes } from '../requested-attributes.ts';
import { answer, claimedUser, jobGroup, refuse, type Operation } from './operation.ts';

const WHICH: Record<string, (jobs: Job[]) => Job[]> = {
  'not-completed': (jobs) => jobs.filter((job) => !isFinished(job)),
  completed: (jobs) => jobs.filter(isFinished).reverse(),
  all: (jobs) => jobs,
};

export const getJobs: Operation = ({ attributes, printer, view }, { jobs }) => {
  const which = stringOf(attributes, 'which-jobs', 'keyword') ?? 'not-completed';
  const choose = Object.hasOwn(WHICH, which) ? WHICH[which] : undefined;
  if (choose === undefined) return refuse('client-error-attributes-or-values-not-supported', 'which-jobs is completed, not-completed or all.');
  const limit = integerOf(attributes, 'limit') ?? Infinity;
  if (limit < 1) return refuse('client-error-bad-request', 'limit must be 1 or more.');
  const user = claimedUser(attributes);
  const mineOnly = booleanOf(attributes, 'my-jobs') === true;
  const asked = stringsOf(attributes, 'requested-attributes', 'keyword', 'name');
  const chosen = choose(jobs.of(printer.id)).filter((job) => !mineOnly || job.user === user).slice(0, limit);
  return answer(...chosen.map((job) => {
    const description = jobDescription({ job, own: job.user === user, printerUri: view.ippUri, startedAt: view.startedAt, now: view.now });
    return jobGroup(requestedAttributes(asked.length > 0 ? asked : ['job-id', 'job-uri'], { 'job-description': description }));
  }));
};
