/**
 * The document part of Print-Job and Send-Document, with the answer for each way it can end.
 */
import { PrintError } from '../errors.ts';
import type { Job } from '../jobs.ts';
import { receiveDocument } from '../receive-document.ts';
import { answerJob } from './answer-job.ts';
import { compressionOf } from './check-job-creation.ts';
import { refuse, type Request, type Response, type Service } from './operation.ts';
import type { Status } from './status.ts';

const STATUS_OF: Partial<Record<PrintError['code'], Status>> = {
  BUSY: 'server-error-busy',
  NOT_ACCEPTING: 'server-error-not-accepting-jobs',
  DOCUMENT_TOO_LARGE: 'client-error-request-entity-too-large',
  COMPRESSION: 'client-error-compression-error',
  CANCELED: 'server-error-job-canceled',
};

export async function takeDocument(job: Job, request: Request, service: Service): Promise<Response> {
  try {
    await receiveDocument(job, request.document, compressionOf(request.attributes), service);
    return answerJob(job, request);
  } catch (error) {
    const status = error instanceof PrintError ? STATUS_OF[error.code] : undefined;
    return status === undefined
      ? refuse('server-error-internal-error', job.message)
      : refuse(status, (error as PrintError).message);
  }
}
