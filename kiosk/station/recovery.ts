/**
 * Completion across two databases, and what a start makes of a crash between them.
 *
 * `completing` in `station.db` says which record is on its way before the outbox gets its packet; the outbox
 * row is the moment of completion; then one transaction here completes the request and moves the chain of
 * record numbers on. Whatever a crash leaves, the outbox decides, so that numbers have no gap and no number
 * is given twice.
 */
import { STATION } from './audit-log.ts';
import type { RecordChain } from './meta.ts';
import type { Station } from './station.ts';

interface Row { request: string; record_number: number; sealed_sha256: string }

type Parts = Pick<Station, 'database' | 'meta' | 'requests' | 'outbox' | 'documents'>;

/** @param chain the number and SHA-256 of the sealed record that is on its way */
export function beginCompleting(parts: Parts, request: string, chain: RecordChain): void {
  parts.database.prepare('INSERT INTO completing (only, request, record_number, sealed_sha256) VALUES (1, ?, ?, ?)').run(request, chain.number, chain.sha256);
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

export function dropCompleting({ database }: Parts): void {
  database.prepare('DELETE FROM completing').run();
}

/** The packet is in the outbox: completes the request and moves the chain on, in one transaction; D waits no longer. */
export function finishCompleting(parts: Parts, request: string): void {
  const row = pending(parts);
  parts.requests.complete(request, parts.outbox.contentSha256Of(request), () => {
    if (row?.request === request) parts.meta.chain = { number: row.record_number, sha256: row.sealed_sha256 };
    dropCompleting(parts);
  });
  parts.documents.delete('document', request);
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
  return (database.prepare('SELECT request, record_number, sealed_sha256 FROM completing').get() as Row | undefined) ?? null;
}
