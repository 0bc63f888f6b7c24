/**
 * "Ask again": whoever was to sign a document next and did not, because they declined, or the desk took it back, or it expired; or
 * somebody after them, where one of several has gone for good. Who is left out can be asked after all as long as nobody else has signed:
 * the desk takes the other request back.
 *
 * What ended stays ended, and nothing but the fact of it is kept; its document is gone. So this is another request, made of the desk's copy
 * of what was signed before, for as long as that is kept: nobody who has signed has to sign once more.
 * Before: `routes.ts`. After: it waits like any other.
 */
import { randomUUID } from 'node:crypto';
import { letGo, sha256OfLarge } from '#keys/slices.ts';
import type { PlannedSigning } from '#kiosk/protocol/messages.ts';
import { StationError } from './errors.ts';
import type { SigningRequest } from './requests.ts';
import { deskActor, type Station } from './station.ts';
import { trailFacts } from './trail-facts.ts';

/** @param without the first so many of who is left are left out. @throws StationError `NOT_NOW`; the system's error where the disk is full */
export async function askAgain(station: Station, id: string, without = 0): Promise<void> {
  const { requests, documents } = station;
  const { details } = refuse(station, requests.get(id), without);
  const document = await documents.get('signed', id);
  if (document === null || details === null) throw new StationError('NOT_NOW', 'What was signed is no longer kept here. Print the document again, for everybody to sign.');
  const next = { id: randomUUID(), documentSha256: await sha256OfLarge(document), documentLength: document.length };
  await documents.put('document', next.id, document);
  await letGo(document);
  try {
    // another desk may have asked meanwhile
    refuse(station, requests.get(id), without);
    requests.followAgain(id, deskActor(station), next, station.outbox.contentSha256Of(id), without);
  } catch (error) {
    documents.delete('document', next.id);
    throw error;
  }
}

function refuse(station: Station, request: SigningRequest, without: number): SigningRequest {
  if (unsignedAfter(station, request, station.requests.following(request.id) !== null).length <= without) {
    throw new StationError('NOT_NOW', 'Nobody is left to be asked again for this document.');
  }
  return request;
}

/** @param followed a request goes on with what this one has signed, or has gone on with it. @returns who was to sign after it and did not, in order */
export function unsignedAfter(station: Station, { id, state, plan }: SigningRequest, followed: boolean): PlannedSigning[] {
  const left = plan === null || followed || state !== 'completed' ? [] : plan.signings.slice(plan.signed + 1);
  return left.length === 0 || trailFacts(station, id).voided !== null ? [] : left;
}
