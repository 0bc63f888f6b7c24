/**
 * What one printer service takes from its clients. The station hands in its own; these are for everybody else.
 */
export interface PrinterLimits {
  /** Octets of one document, after decompression. At the limit accepted, above refused. */
  maxBytes: number;
  /** Octets of the IPP attributes before the document. */
  maxAttributeBytes: number;
  /** Jobs not yet finished, over all printers of the service; as many finished ones are remembered. */
  maxJobs: number;
  /** Silence on a connection in mid-request, and between Create-Job and Send-Document, ms. */
  idleMs: number;
  /** A client that sent its document waits this long for the end of the job, then is told "processing", ms. */
  answerMs: number;
  /** Finished jobs are forgotten after this time, ms: long enough for a client to ask how it ended. */
  historyMs: number;
}

export const PRINTER_LIMITS: PrinterLimits = {
  maxBytes: 200 * 1024 * 1024,
  maxAttributeBytes: 64 * 1024,
  maxJobs: 100,
  idleMs: 60_000,
  answerMs: 10_000,
  historyMs: 300_000,
};

/**
 * Options for the HTTP(S) server in front of a printer. CUPS and ipptool ask for a job's state every few seconds on
 * one connection; with Node's 5 s of patience between requests, the two meet and the client sees a broken printer.
 * The time for a whole request is not limited, because a slow line may need long for a long document: silence is.
 */
export const PRINTER_SERVER = { keepAliveTimeout: 65_000, headersTimeout: 15_000, requestTimeout: 0 };
