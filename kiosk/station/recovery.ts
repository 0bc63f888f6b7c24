/**
 * Completion across two databases, and what a start makes of a crash between them.
 *
 * `completing` in `station.db` says which record is on its way before the outbox gets its packet; the outbox
 * row is the moment of completion; then one transaction here completes the request and moves the chain of
 * record numbers on. Whatever a crash leaves, the outbox decides, so that numbers have no gap and no number
 * is given twice. Where several sign one document, the same transaction makes the request that follows: its document, the signed PDF,
 * lies under the at-rest key before the outbox has the packet, since nobody here could unwrap it, and is swept where there is none.
 */
import { STATION } from './audit-log.ts';
import type { RecordChain } from './meta.ts';
import type { FollowUp } from './requests.ts';
import type { Station } from './station.ts';

interface Row { request: string; record_number: number; sealed_sha256: string; next: string | null; next_sha256: string | null; next_length: number | null }

type Parts = Pick<Station, 'database' | 'meta' | 'requests' | 'outbox' | 'documents'>;

/**
 * @param chain the number and SHA-256 of the sealed record that is on its way
 * @param next what follows, where somebody else is to sign: its document is kept under its id already
 */
export function beginCompleting(parts: Parts, request: string, chain: RecordChain, next: FollowUp | null): void {
  parts.database.prepare('INSERT INTO completing (only, request, record_number, sealed_sha256, next, next_sha256, next_length) VALUES (1, ?, ?, ?, ?, ?, ?)')
    .run(request, chain.number, chain.sha256, next?.id ?? null, next?.documentSha256 ?? null, next?.documentLength ?? null);
}

/**
 * Finishes what a full disk stopped between the outbox and here, so that no record takes its number twice.
 * @returns the request that was completed, or null
 */
export function settlePending(parts: Parts): string | null {
  const row = pending(parts);
  if (row === null) return null;
  if (parts.outbox.has(row.request)) {
    finishCompleting(parts, row.request);
    return row.request;
  }
  dropCompleting(parts);
  return null;
}

/** There is no packet: nothing follows it either. */
export function dropCompleting(parts: Parts): void {
  const row = pending(parts);
  forgetCompleting(parts);
  if (row?.next != null) parts.documents.delete('document', row.next);
}

function forgetCompleting({ database }: Parts): void {
  database.prepare('DELETE FROM completing').run();
}

/**
 * The packet is in the outbox: completes the request, makes the one that follows, and moves the chain on, in one transaction; D waits no longer.
 */
export function finishCompleting(parts: Parts, request: string): void {
  const found = pending(parts);
  const row = found?.request === request ? found : null;
  parts.requests.complete(request, parts.outbox.contentSha256Of(request), () => {
    if (row !== null) parts.meta.chain = { number: row.record_number, sha256: row.sealed_sha256 };
    forgetCompleting(parts);
  }, row === null ? null : followUp(row));
  parts.documents.delete('document', request);
}

function followUp({ next: id, next_sha256: documentSha256, next_length: documentLength }: Row): FollowUp | null {
  return id === null || documentSha256 === null || documentLength === null ? null : { id, documentSha256, documentLength };
}

/** At start, before any screen connects. @returns what was found, for the log */
export function recover(parts: Parts): { completed: number; returned: number } {
  const found = { completed: settlePending(parts) === null ? 0 : 1, returned: 0 };
  for (const request of parts.requests.list(['signing', 'shown', 'assigned'], 100_000)) {
    if (request.state === 'signing' && parts.outbox.has(request.id)) {
      finishCompleting(parts, request.id);
      found.completed++;
    } else if (request.released) {
      parts.requests.putBack(request.id, STATION, 'restarted');
      found.returned++;
    }
  }
  sweepDocuments(parts);
  return found;
}

/** A crash may leave a file whose request never came to be, or has ended. */
function sweepDocuments({ documents, requests }: Parts): void {
  documents.sweep();
  const wanted = new Set([
    ...requests.list(['received', 'assigned', 'shown', 'signing'], 100_000).map(({ id }) => `document ${id}`),
    ...requests.list(['completed'], 100_000).map(({ id }) => `signed ${id}`),
  ]);
  for (const { kind, id } of documents.kept()) if (!wanted.has(`${kind} ${id}`)) documents.delete(kind, id);
}

function pending({ database }: Parts): Row | null {
  return (database.prepare('SELECT * FROM completing').get() as Row | undefined) ?? null;
}
