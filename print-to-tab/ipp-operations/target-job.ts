/**
 * The job a request is about: printer-uri with job-id, or job-uri (RFC 8011 section 4.3).
 */
import { integerOf, stringOf } from '../ipp-codec/message.ts';
import type { Job } from '../jobs.ts';
import { claimedUser, refuse, type Request, type Response, type Service } from './operation.ts';

/** @returns the job, or the refusal */
export function targetJob({ attributes, printer }: Request, { jobs }: Service): Job | Response {
  const inUri = /\/(\d{1,10})$/.exec(stringOf(attributes, 'job-uri', 'uri') ?? '')?.[1];
  const id = integerOf(attributes, 'job-id') ?? (inUri === undefined ? null : Number(inUri));
  if (id === null) return refuse('client-error-bad-request', 'There is neither job-id nor a job-uri with one.');
  return jobs.find(printer.id, id) ?? refuse('client-error-not-found', `There is no job ${id} here, or it ended a while ago.`);
}

/**
 * The job, if the client claims the name of the user who sent it. Against mistakes, not against malice: names are
 * claims. Whoever must stop a document without having printed it does so at the desk.
 */
export function ownTargetJob(request: Request, service: Service): Job | Response {
  const job = targetJob(request, service);
  if ('status' in job || job.user === claimedUser(request.attributes)) return job;
  return refuse('client-error-not-authorized', `Job ${job.id} was printed by somebody else. It can be stopped at the desk.`);
}
