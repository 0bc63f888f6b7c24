/**
 * A printer without a driver in front of every tablet, and a client to print to one.
 *
 * Before: the hotel's computer prints over IPP. After: `kiosk/station` takes the bytes as a `JobStore`.
 * Nothing is kept here. The way of a job: `printer.ts` → `ipp-operations/` → `receive-document.ts` → the store.
 */
export { printFile, type PrintOptions, type PrintResult } from './client.ts';
export { PrintError, type PrintErrorCode } from './errors.ts';
export type { AbortReason, JobInfo, JobResult, JobSink, JobStore, PrinterInfo } from './job-store.ts';
export { PRINTER_LIMITS, PRINTER_SERVER, type PrinterLimits } from './limits.ts';
export { createPrinter, type Printer, type PrinterOptions } from './printer.ts';
