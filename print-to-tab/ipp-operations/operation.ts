/**
 * What every operation is given and gives back. Each operation is a file of its own; `index.ts` lists them.
 */
import type { PrinterView } from '../printer-attributes.ts';
import type { Group, Message } from '../ipp-codec/message.ts';
import { GROUP } from '../ipp-codec/tags.ts';
import { stringOf } from '../ipp-codec/message.ts';
import type { Attribute } from '../ipp-codec/value.ts';
import type { JobStore, PrinterInfo } from '../job-store.ts';
import type { Jobs } from '../jobs.ts';
import type { PrinterLimits } from '../limits.ts';
import { printableText } from '../printable-text.ts';
import type { Status } from './status.ts';

/** What outlives a request. */
export interface Service {
  store: JobStore;
  jobs: Jobs;
  limits: PrinterLimits;
  /** Somebody wants to know which tablet this printer is. */
  identify: (printer: string) => void;
}

export interface Request {
  message: Message;
  /** Operation attributes. */
  attributes: Attribute[];
  /** Job template attributes: what the job wishes for. */
  wishes: Attribute[];
  printer: PrinterInfo;
  view: PrinterView;
  /** Network address of the client. */
  client: string;
  document: AsyncIterable<Uint8Array>;
}

export interface Response {
  status: Status;
  /** status-message, plain words; empty for none. */
  text: string;
  /** All but the operation attributes. */
  groups: Group[];
}

export type Operation = (request: Request, service: Service) => Response | Promise<Response>;

export function answer(...groups: Group[]): Response {
  return { status: 'successful-ok', text: '', groups };
}

export function refuse(status: Status, text: string, ...groups: Group[]): Response {
  return { status, text, groups };
}

export function jobGroup(attributes: Attribute[]): Group {
  return { tag: GROUP.job, attributes };
}

/** requesting-user-name, at most 255 octets. A claim, proven by nothing. */
export function claimedUser(attributes: readonly Attribute[]): string {
  return printableText(stringOf(attributes, 'requesting-user-name', 'name') ?? '', 255) || 'anonymous';
}
