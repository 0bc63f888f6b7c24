/**
 * The revisions of a signed PDF, from the one that the first signature covers: what each added, by whom and when, and whether it may
 * follow. What may not is a failure, whether a later signature covers it or none does.
 *
 * Before: `pdf.ts` has verified the signatures. After: the result names the revisions. How changes are judged: `compare.ts`.
 */
import { PacketError } from '../../errors.ts';
import type { PdfObject } from '../../pdf-objects.ts';
import type { PdfSignature, SignedPdf } from '../../read-signed-pdf.ts';
import type { Report, RevisionResult, SignatureResult } from '../result.ts';
import { compareRevisions, type Change } from './compare.ts';
import { cutIncrements, type PdfIncrement } from './increments.ts';
import { NotAllowed, NotComparable } from './revision.ts';
import { viewAt, type PdfView } from './view.ts';

/** A signature or document time-stamp with what was found about it. */
export interface Checked { signature: PdfSignature; result: Pick<SignatureResult, 'signer' | 'certificateSha256' | 'claimedTime' | 'provenTime'> }

/** @param hasRoots the signers were held against roots that are trusted */
export function checkRevisions(bytes: Uint8Array, objects: readonly PdfObject[], { revisions, length }: SignedPdf, checked: readonly Checked[], hasRoots: boolean, report: Report): RevisionResult[] {
  const placed = checked.filter(({ signature }) => signature.end > 0 && signature.end <= length);
  const [first] = placed;
  const last = placed.at(-1);
  if (first === undefined || last === undefined) return [];
  for (const { signature: { field, end } } of placed) {
    // an end of line may belong to the marker
    if (end < length && !revisions.some((revision) => end >= revision && end <= revision + 2)) {
      report.fail('FORMAT_FAILURE', 'SIGNATURE_INSIDE_REVISION', `Signature "${field ?? 'unnamed'}" ends in the middle of a revision of the file.`);
    }
    if (end < length && last.signature.end === length) report.note('LATER_REVISION', `After signature "${field ?? 'unnamed'}" the file was extended, under a later signature.`);
  }
  const start = first.signature.end;
  const initial: RevisionResult = { number: 1, length: start, allowed: true, changes: [], problem: null, seals: sealsOf(placed.filter(({ signature }) => signature.end === start)) };
  const increments = cut(bytes, objects, start);
  if (increments === null) {
    tellProblem({ from: start, to: length, signedUpTo: last.signature.end, length }, 'it is no orderly update of the file, and cannot be compared', report);
    return [initial];
  }
  let before = start;
  // each is the end of one revision and the beginning of the next
  const views = new Map<number, PdfView>();
  const view = (end: number): PdfView => views.get(end) ?? remember(views, viewAt(bytes, objects, end));
  return [initial, ...increments.map((increment, index): RevisionResult => {
    const ends = placed.filter(({ signature: { end } }) => end >= increment.marker && end <= increment.end);
    const judged = judge(view, placed, ends, before, increment);
    if (judged.problem !== null) tellProblem({ from: before, to: increment.end, signedUpTo: last.signature.end, length }, judged.problem, report);
    else tellAppearances(judged.changes, ends, first, hasRoots, report);
    before = increment.end;
    return { number: index + 2, length: increment.end, allowed: judged.problem === null, ...judged, seals: sealsOf(ends) };
  })];
}

/** Null, too, where it is made to keep a reader busy. */
function cut(bytes: Uint8Array, objects: readonly PdfObject[], start: number): PdfIncrement[] | null {
  try {
    return cutIncrements(bytes, objects, start);
  } catch (error) {
    if (error instanceof PacketError) return null;
    throw error;
  }
}

function remember(views: Map<number, PdfView>, view: PdfView): PdfView {
  views.set(view.end, view);
  return view;
}

function judge(view: (end: number) => PdfView, placed: readonly Checked[], ends: readonly Checked[], from: number, { end }: PdfIncrement): { changes: Change[]; problem: string | null } {
  const earlier = placed.map(({ signature }) => signature).filter((signature) => signature.end <= from);
  try {
    const revision = { before: view(from), after: view(end), signatures: ends.map(({ signature }) => signature), earlier };
    return { changes: compareRevisions(revision), problem: null };
  } catch (error) {
    if (error instanceof NotAllowed || error instanceof NotComparable || error instanceof PacketError) return { changes: [], problem: error.message };
    throw error;
  }
}

function tellProblem({ from, to, signedUpTo, length }: { from: number; to: number; signedUpTo: number; length: number }, problem: string, report: Report): void {
  if (to > signedUpTo) {
    report.fail('FORMAT_FAILURE', 'BYTES_AFTER_SIGNATURE', `${length - signedUpTo} bytes stand behind the last signature, which no signature covers. They were added after signing and are not harmless: ${problem}.`);
  } else {
    report.fail('FORMAT_FAILURE', 'CHANGED_AFTER_SIGNATURE', `Between ${from} and ${to} bytes the file was changed after a signature, in a way that is not allowed: ${problem}. A later signature covers the change; the earlier one does not stand for it.`);
  }
}

/**
 * What a field shows is its signer's word: of a form field, the word of whoever signed the revision in which it was filled in. It may lie over
 * what was signed before ("sneaky signature", IEEE S&P 2021), so without roots, where anybody may be that signer under any name, nobody can
 * say that the document is what it was.
 */
function tellAppearances(changes: readonly Change[], ends: readonly Checked[], first: Checked, hasRoots: boolean, report: Report): void {
  for (const { kind, field, visible } of changes) {
    const signers = ends.filter(({ signature }) => (kind === 'form-field' ? signature.subFilter !== 'ETSI.RFC3161' : signature.field === field)).map(({ result }) => result);
    const another = signers.find(({ certificateSha256 }) => certificateSha256 === null || certificateSha256 !== first.result.certificateSha256);
    if (!visible || (signers.length > 0 && another === undefined)) continue;
    const other = another?.signer;
    const what = kind === 'form-field' ? `Form field "${field ?? 'unnamed'}" was filled in later, under the signature of ${other ?? 'somebody unknown'},` : `Signature "${field ?? 'unnamed'}" of ${other ?? 'somebody unknown'} was added later`;
    const words = `${what} and shows something on a page, which may cover what ${first.result.signer ?? 'the first signer'} signed.`;
    if (hasRoots) report.warn('APPEARANCE_ADDED', words);
    else report.doubt('GENERIC', 'APPEARANCE_ADDED', `${words} Whether to believe both can be said under their roots alone (--trust).`);
  }
}

function sealsOf(checked: readonly Checked[]): RevisionResult['seals'] {
  return checked.map(({ signature, result: { signer, claimedTime, provenTime } }) => ({ field: signature.field ?? 'unnamed', signer, claimedTime, provenTime }));
}
