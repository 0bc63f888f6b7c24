/** Validate-Job, RFC 8011 section 4.2.3: Print-Job without a document and without a job. */
import { GROUP } from '../ipp-codec/tags.ts';
import { unsupportedWishes } from '../job-template.ts';
import { checkNewJob } from './check-job-creation.ts';
import { answer, refuse, type Operation } from './operation.ts';

export const validateJob: Operation = (request) => {
  const refusal = checkNewJob(request);
  if (refusal !== null) return refusal;
  const unsupported = unsupportedWishes(request.wishes);
  if (unsupported.length === 0) return answer();
  return refuse('successful-ok-ignored-or-substituted-attributes', '', { tag: GROUP.unsupported, attributes: unsupported });
};
