/**
 * Takes received bytes in: intake and the search for signature lines, in a child process with a memory limit and a deadline, then D to
 * disk and a request for the tablet.
 *
 * Before: `job-intake.ts`, or the desk's "print a sample". After: the desk releases it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { letGo } from '#keys/slices.ts';
import { pseudonym } from '#packet/audit.ts';
import type { IntakeResult } from '#packet/intake/index.ts';
import type { Actor } from './audit-log.ts';
import type { PrintClient } from './details.ts';
import type { FormIdentity } from './drawn-fields.ts';
import { StationError } from './errors.ts';
import { inMegabytes } from './limits.ts';
import type { SigningRequest } from './requests.ts';
import type { Station } from './station.ts';

export interface Received {
  tablet: string;
  title: string;
  /** Who printed, as the desk reads it. */
  printedBy: string;
  /** The desk, or a print client by its claimed user and its network address. */
  from: Actor | Omit<PrintClient, 'salt'>;
  autopilot: boolean;
  /** The print client cancelled: nothing is kept, unless the document is a request already. */
  signal?: AbortSignal;
}

const MAX_TITLE = 200;

/**
 * Refused rather than kept waiting: nobody has said yet whose station this is, and guests' papers do not belong with it. Where an
 * enrolled station may not sign at the moment, documents wait, since that may be put right within the hour.
 */
export const NOT_ENROLLED = 'This station waits for its enrolment and takes no documents yet. Print on paper.';

/** Durable when it returns. @throws StationError `CAPTURE_NOT_ALLOWED`; PacketError with a sentence for the desk; the system's error where the disk is full; the signal's reason */
export async function acceptDocument(station: Station, bytes: Uint8Array, received: Received): Promise<SigningRequest> {
  if (station.keys.awaiting !== null) throw new StationError('CAPTURE_NOT_ALLOWED', NOT_ENROLLED);
  const { limits } = station.settings;
  const { intake } = await import('#packet/intake/index.ts');
  const taken = await intake(bytes, {
    maxBytes: limits.documentBytes, maxPages: limits.pages, deadlineMs: limits.intakeMs, memoryMb: limits.intakeMemoryMb,
  }, { templates: station.forms.templates() });
  try {
    return await keep(station, taken, received);
  } finally {
    // where nothing was done to it, it is what came in, and the caller's
    if (taken.document !== bytes) await letGo(taken.document);
  }
}

async function keep(station: Station, taken: IntakeResult, received: Received): Promise<SigningRequest> {
  const { fields, fingerprint, form, template, hints, warnings } = taken.found;
  received.signal?.throwIfAborted();
  const id = randomUUID();
  const { actor, printClient, client } = printerOf(received.from);
  await station.documents.put('document', id, taken.document);
  try {
    return station.requests.receive({
      id,
      tablet: received.tablet,
      documentSha256: taken.sha256,
      documentLength: taken.length,
      autopilot: received.autopilot,
      details: {
        title: received.title.slice(0, MAX_TITLE), printedBy: received.printedBy, ...printClient, pages: taken.pages.length, rotations: taken.pages.map(({ rotate }) => rotate),
        ...(taken.pages.every(({ unit }) => unit === 1) ? {} : { units: taken.pages.map(({ unit }) => unit) }),
        fields, hints, warnings, ...(template === null ? {} : { known: true }),
      },
      // what the form says itself is not overruled by what somebody draws on it
      form: fields.some((field) => field.found === 'acroform' || field.found === 'tag') ? null : JSON.stringify({ fingerprint, form } satisfies FormIdentity),
    }, actor, { ...client, pages: taken.pages.length, receivedSha256: taken.receivedSha256, sha256: taken.sha256, actions: taken.actions.join('; '), tool: taken.tool });
  } catch (error) {
    station.documents.delete('document', id);
    throw error;
  }
}

/** Of a print client the trail, which is never erased, has only what a salt of this request hides. */
function printerOf(from: Received['from']): { actor: Actor; printClient: { printClient?: PrintClient }; client: { client?: string } } {
  if ('kind' in from) return { actor: from, printClient: {}, client: {} };
  const salt = randomBytes(16).toString('hex');
  return {
    actor: { kind: 'print-client', name: pseudonym(salt, from.user), authenticated: false },
    printClient: { printClient: { ...from, salt } },
    client: { client: pseudonym(salt, from.address) },
  };
}

/** What the limit on bytes says to a print client. */
export function tooLarge(limit: number): string {
  return `The document is larger than ${inMegabytes(limit)}, the most this station takes. Print fewer pages, or print at a lower quality.`;
}
