/**
 * Send-Document, RFC 8011 section 4.3.1. A job has one document here, so the first one is taken at once,
 * whether or not it is called the last; a request without data only says that no more will come.
 */
import { booleanOf } from '../ipp-codec/message.ts';
import { isFinished } from '../jobs.ts';
import { answerJob } from './answer-job.ts';
import { checkDocument, claimedFormat } from './check-job-creation.ts';
import { refuse, type Operation } from './operation.ts';
import { takeDocument } from './take-document.ts';
import { ownTargetJob } from './target-job.ts';

export const sendDocument: Operation = async (request, service) => {
  const job = ownTargetJob(request, service);
  if ('status' in job) return job;
  const last = booleanOf(request.attributes, 'last-document');
  if (last === null) return refuse('client-error-bad-request', 'last-document is missing.');
  const refusal = checkDocument(request.attributes);
  if (refusal !== null) return refusal;
  const document = request.document[Symbol.asyncIterator]();
  const first = await document.next();
  if (first.done === true && (job.document !== 'awaited' || !last)) return answerJob(job, request);
  if (job.document !== 'awaited') {
    return isFinished(job) && job.state !== 'completed'
      ? refuse('client-error-not-possible', job.message)
      : refuse('server-error-multiple-document-jobs-not-supported', 'A job has one document here.');
  }
  job.claimedFormat = claimedFormat(request.attributes);
  return takeDocument(job, { ...request, document: withFirst(first, document) }, service);
};

async function* withFirst(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}
