/**
 * The operations this printer has, by their codes (RFC 8011 section 5.4.15, PWG 5100.11, 5100.13).
 * Before: `../printer.ts` has decoded and checked the request. After: it encodes the answer.
 */
import { cancelJob } from './cancel-job.ts';
import { cancelMyJobs } from './cancel-my-jobs.ts';
import { closeJob } from './close-job.ts';
import { createJobOperation } from './create-job.ts';
import { getJobAttributes } from './get-job-attributes.ts';
import { getJobs } from './get-jobs.ts';
import { getPrinterAttributes } from './get-printer-attributes.ts';
import { identifyPrinter } from './identify-printer.ts';
import type { Operation } from './operation.ts';
import { printJob } from './print-job.ts';
import { sendDocument } from './send-document.ts';
import { validateJob } from './validate-job.ts';

export const OPERATIONS: ReadonlyMap<number, Operation> = new Map([
  [0x0002, printJob],
  [0x0004, validateJob],
  [0x0005, createJobOperation],
  [0x0006, sendDocument],
  [0x0008, cancelJob],
  [0x0009, getJobAttributes],
  [0x000a, getJobs],
  [0x000b, getPrinterAttributes],
  [0x0039, cancelMyJobs],
  [0x003b, closeJob],
  [0x003c, identifyPrinter],
]);
