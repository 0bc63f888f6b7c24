/** Get-Job-Attributes, RFC 8011 section 4.3.4. */
import { stringsOf } from '../ipp-codec/message.ts';
import { jobDescription } from '../job-attributes.ts';
import { requestedAttributes } from '../requested-attributes.ts';
import { answer, claimedUser, jobGroup, type Operation } from './operation.ts';
import { targetJob } from './target-job.ts';

export const getJobAttributes: Operation = (request, service) => {
  const job = targetJob(request, service);
  if ('status' in job) return job;
  const { attributes, view } = request;
  const asked = stringsOf(attributes, 'requested-attributes', 'keyword', 'name');
  const own = job.user === claimedUser(attributes);
  const description = jobDescription({ job, own, printerUri: view.ippUri, startedAt: view.startedAt, now: view.now });
  return answer(jobGroup(requestedAttributes(asked.length > 0 ? asked : ['all'], { 'job-description': description })));
};
