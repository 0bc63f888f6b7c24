/**
 * The answer to an operation that made a job or gave it its document: RFC 8011 section 4.2.1.2.
 */
import { GROUP } from '../ipp-codec/tags.ts';
import { jobStatus } from '../job-attributes.ts';
import { unsupportedWishes } from '../job-template.ts';
import type { Job } from '../jobs.ts';
import { jobGroup, type Request, type Response } from './operation.ts';

/** Unmet wishes are told, and nothing else is done about them. */
export function answerJob(job: Job, request: Request): Response {
  const unsupported = unsupportedWishes(request.wishes);
  const group = jobGroup(jobStatus({ job, printerUri: request.view.ippUri }));
  if (unsupported.length === 0) return { status: 'successful-ok', text: '', groups: [group] };
  return {
    status: 'successful-ok-ignored-or-substituted-attributes',
    text: '',
    groups: [{ tag: GROUP.unsupported, attributes: unsupported }, group],
  };
}
