/**
 * Whether a job, or a document, as described is welcome: what Validate-Job, Create-Job, Print-Job and
 * Send-Document have in common. RFC 8011 sections 4.2.1.1 and 4.1.7.
 */
import { COMPRESSIONS, type Compression } from '../decompress.ts';
import { ACCEPTED_FORMATS, UNSTATED } from '../document-format.ts';
import { stringOf } from '../ipp-codec/message.ts';
import { GROUP } from '../ipp-codec/tags.ts';
import type { Attribute } from '../ipp-codec/value.ts';
import { insists, unsupportedWishes } from '../job-template.ts';
import type { Job, NewJob } from '../jobs.ts';
import { printableText } from '../printable-text.ts';
import { claimedUser, refuse, type Request, type Response, type Service } from './operation.ts';

/** @returns null when a new job would be taken */
export function checkNewJob(request: Request): Response | null {
  const { printer, attributes } = request;
  if (!printer.accepting) return refuse('server-error-not-accepting-jobs', `${printer.name} takes no documents at the moment.`);
  const unsupported = unsupportedWishes(request.wishes);
  if (unsupported.length > 0 && insists(attributes)) {
    return refuse('client-error-attributes-or-values-not-supported', 'The job insists on settings this printer does not have.', {
      tag: GROUP.unsupported, attributes: unsupported,
    });
  }
  return checkDocument(attributes);
}

/** @returns null when a document with these operation attributes would be read */
export function checkDocument(attributes: readonly Attribute[]): Response | null {
  const compression = stringOf(attributes, 'compression', 'keyword') ?? 'none';
  if (!COMPRESSIONS.includes(compression as Compression)) {
    return refuse('client-error-compression-not-supported', `The compression "${printableText(compression, 40)}" is not understood here.`);
  }
  const format = claimedFormat(attributes);
  if (!ACCEPTED_FORMATS.includes(format)) {
    return refuse('client-error-document-format-not-supported', `This printer takes PDF only, not ${printableText(format, 80)}.`);
  }
  return null;
}

/** Lower case, without parameters. */
export function claimedFormat(attributes: readonly Attribute[]): string {
  return (stringOf(attributes, 'document-format', 'mimeMediaType') ?? UNSTATED).split(';')[0]?.trim().toLowerCase() ?? UNSTATED;
}

/** Only after `checkDocument`. */
export function compressionOf(attributes: readonly Attribute[]): Compression {
  return (stringOf(attributes, 'compression', 'keyword') ?? 'none') as Compression;
}

/** @returns the job, or the refusal when too many are unfinished */
export function createJob(request: Request, { jobs }: Service): Job | Response {
  const { attributes, printer, client } = request;
  const title = stringOf(attributes, 'job-name', 'name') ?? stringOf(attributes, 'document-name', 'name') ?? '';
  const init: NewJob = {
    printer: printer.id, name: printableText(title, 255) || 'Untitled',
    user: claimedUser(attributes), client, claimedFormat: claimedFormat(attributes),
  };
  return jobs.create(init) ?? refuse('server-error-busy', 'Too many print jobs are under way. Try again in a moment.');
}
