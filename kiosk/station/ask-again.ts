/**
 * "Ask again": whoever was to sign a document next and did not, because they declined, or the desk took it back, or it expired.
 *
 * What ended stays ended, and nothing but the fact of it is kept; its document is gone. So this is another request, made of the desk's copy
 * of what was signed before, for as long as that is kept: nobody who has signed has to sign once more.
 * Before: `routes.ts`. After: it waits like any other.
 */
import { randomUUID } from 'node:crypto';
import { letGo, sha256OfLarge } from '#keys/slices.ts';
import type { PlannedSigning } from '#kiosk/protocol/messages.ts';
import { StationError } from './errors.ts';
import { currentSigning, planAfter } from './plan.ts';
import type { SigningRequest } from './requests.ts';
import { deskActor, type Station } from './station.ts';
import { trailFacts } from './trail-facts.ts';

/** @throws StationError `NOT_NOW`; the system's error where the disk is full */
export async function askAgain(station: Station, id: string): Promise<void> {
  const { requests, documents } = station;
  const { details } = refuse(station, requests.get(id));
  const document = await documents.get('signed', id);
  if (document === null || details === null) throw new StationError('NOT_NOW', 'What was signed is no longer kept here. Print the document again, for everybody to sign.');
  const next = { id: randomUUID(), documentSha256: await sha256OfLarge(document), documentLength: document.length };
  await documents.put('document', next.id, document);
  await letGo(document);
  try {
    // another desk may have asked meanwhile
    refuse(station, requests.get(id));
    requests.followAgain(id, deskActor(station), next, station.outbox.contentSha256Of(id));
  } catch (error) {
    documents.delete('document', next.id);
    throw error;
  }
}

function refuse(station: Station, request: SigningRequest): SigningRequest {
  if (unsignedAfter(station, request, station.requests.following(request.id) !== null) === null) {
    throw new StationError('NOT_NOW', 'Nobody is left to be asked again for this document.');
  }
  return request;
}

/** @param followed a request goes on with what this one has signed, or has gone on with it. @returns who was to sign next and did not */
export function unsignedAfter(station: Station, { id, state, plan }: SigningRequest, followed: boolean): PlannedSigning | null {
  const after = plan === null || followed || state !== 'completed' ? null : planAfter(plan);
  return after === null || trailFacts(station, id).voided !== null ? null : currentSigning(after);
}
