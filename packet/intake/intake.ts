/**
 * Takes received bytes in: checks, normalises and hashes them, before anyone sees them, and has them searched by `fields/` while they
 * lie open.
 * Before: `print-to-tab` or an upload, through `kiosk/station`. After: D, for the screens.
 * It makes a document safe to show and to extend; it does not judge what the document says.
 */
import { setImmediate as giveWay } from 'node:timers/promises';
import { sha256OfLarge } from '#keys/slices.ts';
import { type ChildLimits, runInChild } from '../child/index.ts';
import { PacketError } from '../errors.ts';
import { findFields } from '../fields/find-fields.ts';
import type { Found } from '../fields/found.ts';
import type { Template } from '../fields/template.ts';
import type { Normalised, PageSize } from './normalise.ts';

export interface IntakeLimits extends ChildLimits {
  maxBytes: number;
  maxPages: number;
}

export interface IntakeResult {
  /** D. The very bytes received where `actions` is empty. */
  document: Uint8Array;
  /** Hex, of D. */
  sha256: string;
  length: number;
  pages: PageSize[];
  title: string | null;
  /** Hex, of the bytes as received. */
  receivedSha256: string;
  /** What was done, e.g. `decrypted`, `removed: JavaScript`. */
  actions: string[];
  /** Names and versions of what read it. */
  tool: string;
  found: Found;
}

/** Acrobat's own allowance for bytes before the header. */
const headerWithin = 1024;

/**
 * @param options.templates all that the house has learned.
 * @throws PacketError NOT_A_PDF, PDF_BROKEN, PDF_ENCRYPTED, PDF_NO_PAGES, PDF_TOO_LARGE, PDF_TOO_MANY_PAGES,
 *   PDF_TIMEOUT, PDF_MEMORY, PDF_PAGE_SIZE, PDF_SIGNED_ACTIVE, PDF_LOCKED; each with a sentence for the front desk.
 */
export async function intake(received: Uint8Array, limits: IntakeLimits, { templates = [] }: { templates?: readonly Template[] } = {}): Promise<IntakeResult> {
  if (received.length > limits.maxBytes) {
    throw new PacketError('PDF_TOO_LARGE', `This document has ${megabytes(received.length)} MB; at most ${megabytes(limits.maxBytes)} MB are allowed. Print fewer pages or smaller pictures.`);
  }
  if (!Buffer.from(received.subarray(0, headerWithin)).includes('%PDF-')) {
    throw new PacketError('NOT_A_PDF', 'This is not a PDF. Print the document, or save it as PDF first.');
  }
  const child = new URL('child.ts', import.meta.url);
  const both = { ...limits, spent: limits.spent ?? { ms: 0 } };
  const { result, output } = await runInChild<{ maxPages: number; templates: readonly Template[] }, Omit<Normalised, 'document' | 'shown'> & { found: Found | null }>(
    child, { maxPages: limits.maxPages, templates }, received, both,
  );
  // reading the answer, hashing, and what the caller goes on to: a turn each, since pens and screens wait meanwhile
  await giveWay();
  const receivedSha256 = await sha256OfLarge(received);
  const document = result.actions.length === 0 ? received : output;
  const sha256 = document === received ? receivedSha256 : await sha256OfLarge(document);
  await giveWay();
  // the process had taken too much memory already: another one searches, within what is left of the deadline
  const found = result.found ?? await findFields(document, both, { templates });
  return { document, sha256, length: document.length, receivedSha256, ...result, found };
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
