/**
 * Where print jobs go. This folder keeps no document: each one is streamed into the store it is given.
 * After: `kiosk/station`, which hands the bytes to `packet/intake`.
 */

/** A tablet as its print clients see it. */
export interface PrinterInfo {
  /** Last part of the path `/ipp/print/<id>`. */
  id: string;
  /** What a receptionist sees in the print dialogue; the first 63 octets name it on the network. */
  name: string;
  /** Constant for the life of the tablet, with or without `urn:uuid:`. Windows knows a printer again by it. */
  uuid: string;
  location: string;
  /** False only when jobs are truly refused. */
  accepting: boolean;
  state: 'idle' | 'processing' | 'stopped';
  /** printer-state-reasons keywords; empty for none. */
  reasons: string[];
}

export interface JobInfo {
  /** From 1, unique over all printers of the service while it runs. */
  id: number;
  /** `PrinterInfo.id` */
  printer: string;
  /** As the client gave it, at most 255 octets. May hold a guest's name. */
  name: string;
  /** requesting-user-name: a claim by the client, proven by nothing. */
  user: string;
  /** Media type by the first bytes. */
  format: string;
  /** Media type as the client stated it. */
  claimedFormat: string;
  /** Network address of the client. */
  client: string;
  /** Always 1: the printer offers no more. */
  copies: number;
}

export interface JobStore {
  /**
   * A document begins to arrive; it starts like a PDF, and more is not known.
   * @throws PrintError BUSY (the client may try again) or NOT_ACCEPTING; anything else ends the job as `server-error`
   */
  open(job: JobInfo): Promise<JobSink>;
  /** The client cancelled a job after its sink was asked to close. */
  cancel(jobId: number): Promise<void>;
  /** A job that ended before a sink was opened: it is no PDF. For the desk to be told; its document is gone. */
  refused?(job: JobInfo, result: Extract<JobResult, { state: 'aborted' }>): void;
}

/** Calls come one after the other; exactly one of `close` and `abort` comes last. */
export interface JobSink {
  /** The next bytes; more are read from the network only when this resolves. */
  write(chunk: Uint8Array): Promise<void>;
  /** All bytes were written. Resolves when the document is durable or refused. */
  close(): Promise<JobResult>;
  /** The document will not be complete: forget it. */
  abort(reason: string): Promise<void>;
}

export type AbortReason =
  | 'document-format-error'
  | 'document-password-error'
  | 'document-unprintable-error'
  | 'document-too-large'
  | 'compression-error'
  | 'server-error';

/** `message` is shown to the receptionist in the queue window. */
export type JobResult = { state: 'completed' } | { state: 'aborted'; reason: AbortReason; message: string };
