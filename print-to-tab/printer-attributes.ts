/**
 * What a tablet says of itself: RFC 8011 section 5.4, PWG 5100.12 (IPP/2.0), and of PWG 5100.14 (IPP Everywhere)
 * what CUPS and the Windows class driver need to set a printer up without a driver.
 *
 * `ipp-everywhere` is not claimed in ipp-features-supported: that asks for PWG raster and JPEG, which a later
 * version will convert. `mopria-certified` is not either: nobody certified anything.
 */
import { createHash } from 'node:crypto';
import { ACCEPTED_FORMATS } from './document-format.ts';
import { COMPRESSIONS } from './decompress.ts';
import {
  attribute, boolean, charset, dateTime, enumeration, integer, keyword, language, mimeType, name, outOfBand, range, text, uri,
  type Attribute, type Value,
} from './ipp-codec/value.ts';
import type { PrinterInfo } from './job-store.ts';
import { JOB_CREATION_ATTRIBUTES } from './job-template.ts';
import type { PrinterLimits } from './limits.ts';
import { printableText } from './printable-text.ts';

const PRINTER_STATES = { idle: 3, processing: 4, stopped: 5 } as const;
const MAKE = 'Countersign';
const MODEL = 'Signing Tablet';
/** RFC 8011 limits these texts to 127 octets, DNS-SD a name to 63. */
const TEXT_OCTETS = 127;
const DNS_NAME_OCTETS = 63;

export interface PrinterView {
  info: PrinterInfo;
  /** `ipp://…/ipp/print/<id>` and `http://…/ipp/print/<id>`, as the client reached it. */
  ippUri: string;
  httpUri: string;
  secure: boolean;
  operations: readonly number[];
  queuedJobs: number;
  processing: boolean;
  limits: PrinterLimits;
  startedAt: number;
  changedAt: number;
  now: number;
}

/** Seconds on the printer's clock, which starts at 1 (RFC 8011 section 5.4.29). */
export function upTime(at: number, startedAt: number): number {
  return Math.max(1, Math.floor((at - startedAt) / 1000) + 1);
}

/** The group `printer-description`. The job template, a group of its own, is `JOB_TEMPLATE`. */
export function printerDescription(view: PrinterView): Attribute[] {
  return [...identity(view), ...state(view), ...abilities(view)];
}

function identity({ info, ippUri, httpUri, secure }: PrinterView): Attribute[] {
  const label = printableText(info.name, TEXT_OCTETS) || info.id;
  return [
    attribute('printer-uri-supported', uri(ippUri)),
    attribute('uri-authentication-supported', keyword('requesting-user-name')),
    attribute('uri-security-supported', keyword(secure ? 'tls' : 'none')),
    attribute('printer-name', name(label)),
    attribute('printer-info', text(label)),
    attribute('printer-dns-sd-name', name(printableText(label, DNS_NAME_OCTETS))),
    attribute('printer-location', text(printableText(info.location, TEXT_OCTETS))),
    attribute('printer-geo-location', outOfBand('unknown')),
    attribute('printer-organization', text('')),
    attribute('printer-organizational-unit', text('')),
    attribute('printer-uuid', uri(`urn:uuid:${info.uuid.replace(/^urn:uuid:/i, '')}`)),
    attribute('printer-make-and-model', text(`${MAKE} ${MODEL}`)),
    attribute('printer-device-id', text(`MFG:${MAKE};MDL:${MODEL};CMD:PDF;CLS:PRINTER;SN:${serial(info.uuid)};`)),
    attribute('printer-firmware-name', name(MAKE)),
    attribute('printer-firmware-string-version', text('1')),
    attribute('printer-more-info', uri(httpUri)),
    attribute('printer-supply-info-uri', uri(httpUri)),
  ];
}

function state({ info, queuedJobs, processing, startedAt, changedAt, now }: PrinterView): Attribute[] {
  const current = info.state === 'idle' && processing ? 'processing' : info.state;
  const reasons = info.reasons.length > 0 ? info.reasons : ['none'];
  return [
    attribute('printer-state', enumeration(PRINTER_STATES[current])),
    attribute('printer-state-reasons', ...reasons.map(keyword)),
    attribute('printer-state-message', text('')),
    attribute('printer-is-accepting-jobs', boolean(info.accepting)),
    attribute('queued-job-count', integer(queuedJobs)),
    attribute('printer-up-time', integer(upTime(now, startedAt))),
    attribute('printer-current-time', dateTime(new Date(now))),
    attribute('printer-state-change-time', integer(upTime(changedAt, startedAt))),
    attribute('printer-state-change-date-time', dateTime(new Date(changedAt))),
    attribute('printer-config-change-time', integer(1)),
    attribute('printer-config-change-date-time', dateTime(new Date(startedAt))),
  ];
}

function abilities({ operations, limits }: PrinterView): Attribute[] {
  return [
    attribute('ipp-versions-supported', ...keywords('1.0', '1.1', '2.0')),
    attribute('ipp-features-supported', keyword('none')),
    attribute('operations-supported', ...operations.map(enumeration)),
    attribute('charset-configured', charset('utf-8')),
    attribute('charset-supported', charset('utf-8'), charset('us-ascii')),
    attribute('natural-language-configured', language('en')),
    attribute('generated-natural-language-supported', language('en')),
    attribute('document-format-supported', ...ACCEPTED_FORMATS.map(mimeType)),
    attribute('document-format-default', mimeType(ACCEPTED_FORMATS[0] as string)),
    attribute('document-format-preferred', mimeType(ACCEPTED_FORMATS[0] as string)),
    attribute('compression-supported', ...keywords(...COMPRESSIONS)),
    attribute('pdl-override-supported', keyword('attempted')),
    attribute('printer-get-attributes-supported', keyword('document-format')),
    attribute('job-creation-attributes-supported', ...keywords(...JOB_CREATION_ATTRIBUTES)),
    attribute('job-ids-supported', boolean(true)),
    attribute('job-k-octets-supported', range(0, Math.ceil(limits.maxBytes / 1024))),
    attribute('preferred-attributes-supported', boolean(false)),
    attribute('page-ranges-supported', boolean(false)),
    attribute('which-jobs-supported', ...keywords('completed', 'not-completed', 'all')),
    attribute('multiple-document-jobs-supported', boolean(false)),
    attribute('multiple-operation-time-out', integer(Math.max(1, Math.round(limits.idleMs / 1000)))),
    attribute('multiple-operation-time-out-action', keyword('abort-job')),
    attribute('identify-actions-default', keyword('display')),
    attribute('identify-actions-supported', keyword('display')),
    attribute('color-supported', boolean(true)),
    attribute('pages-per-minute', integer(60)),
    attribute('pages-per-minute-color', integer(60)),
  ];
}

function keywords(...values: string[]): Value[] {
  return values.map(keyword);
}

/** Short, constant, and not the uuid itself. */
function serial(uuid: string): string {
  return createHash('sha256').update(uuid).digest('hex').slice(0, 12).toUpperCase();
}
