/**
 * A document as pdf-lib knows it, of which an object is read when it is first asked for: a signature touches a dozen objects, and a
 * document of a thousand pages has many thousands. One page is found by the counts of the page tree (ISO 32000-2, 7.7.3.2).
 *
 * Before: `cross-reference.ts`, on a document that intake accepted: there `reads-the-same.ts` has seen that it means the same whether
 * read so or as a whole. After: `revise.ts`, which reads the whole document where anything in it is not as it should be.
 */
import { PDFCatalog, PDFContext, PDFDocument, PDFName, PDFPage, PDFPageLeaf, PDFPageTree, PDFRef } from './pdf-lib.ts';
import type { CrossReference } from './cross-reference.ts';
import { Misplaced, PlacedObjects } from './placed-objects.ts';

/** Of the page tree, from its root. */
const DEPTH = 64;

/** pdf-lib means it to be called by its own `load` only. */
const Document = PDFDocument as unknown as new (context: PDFContext, ignoreEncryption: boolean, updateMetadata: boolean) => PDFDocument;

/**
 * @returns of its methods, those of the context and `getPage`, `getPageCount` read no more than they need. All of them throw what
 *   `PlacedObjects` throws, and Misplaced for a page tree that is not as it should be.
 * @throws the same, for an encrypted document and one without a catalog
 */
export function openLazily(bytes: Uint8Array, crossReference: CrossReference): PDFDocument {
  const { trailer } = crossReference;
  const root = trailer.get(PDFName.of('Root'));
  if (!(root instanceof PDFRef) || trailer.has(PDFName.of('Encrypt'))) throw new Misplaced();
  const context = lazyContext(bytes, crossReference);
  context.trailerInfo = { Root: root };
  if (!(context.lookup(root) instanceof PDFCatalog)) throw new Misplaced();
  const pdf = new Document(context, false, false);
  pdf.getPageCount = () => countOf(pdf.catalog.Pages());
  pdf.getPage = (index) => pageOf(pdf, index);
  return pdf;
}

function lazyContext(bytes: Uint8Array, crossReference: CrossReference): PDFContext {
  const context = PDFContext.create();
  const placed = new PlacedObjects(bytes, crossReference, context);
  context.largestObjectNumber = crossReference.highest;
  const lookup = context.lookup.bind(context);
  const lookupMaybe = context.lookupMaybe.bind(context);
  const read = (wanted: unknown): void => {
    // a number above is of an object that is only now being made
    if (!(wanted instanceof PDFRef) || wanted.objectNumber > crossReference.highest || lookup(wanted) !== undefined) return;
    context.assign(wanted, placed.read(wanted));
  };
  const reading = <Args extends readonly unknown[], Result>(method: (...args: Args) => Result) => (...args: Args): Result => {
    read(args[0]);
    return method(...args);
  };
  context.lookup = reading(lookup) as PDFContext['lookup'];
  context.lookupMaybe = reading(lookupMaybe) as PDFContext['lookupMaybe'];
  return context;
}

function countOf(node: unknown): number {
  const count = node instanceof PDFPageTree ? node.Count().asNumber() : -1;
  if (!Number.isSafeInteger(count) || count < 0) throw new Misplaced();
  return count;
}

/**
 * The leaf of that index. Where a node has as many kids as pages below it, each kid is or holds one page, and none has to be read to count
 * them. An empty kid beside one of two pages upsets this: `reads-the-same.ts` has then seen another page, or none, and intake writes the
 * document anew.
 */
function pageOf(pdf: PDFDocument, index: number): PDFPage {
  let node: unknown = pdf.catalog.Pages();
  let before = index;
  for (let depth = 0; depth < DEPTH && node instanceof PDFPageTree; depth++) {
    const kids = node.Kids();
    let at = before;
    if (kids.size() === countOf(node)) before = 0;
    else for (at = 0; at < kids.size(); at++) {
      const kid = kids.lookup(at);
      const pages = kid instanceof PDFPageLeaf ? 1 : countOf(kid);
      if (before < pages) break;
      before -= pages;
    }
    const ref = kids.get(at);
    node = kids.lookup(at);
    if (node instanceof PDFPageLeaf && ref instanceof PDFRef && before === 0) return PDFPage.of(node, ref, pdf);
  }
  throw new Misplaced();
}
