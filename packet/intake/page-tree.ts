/**
 * Sets right what a page tree says of itself (ISO 32000-2, 7.7.3): how many pages lie below a node, and which node a page lies in. Viewers
 * believe `Count`, so that a page beyond it is one that the guest never saw and that another reader, or this one once the file has
 * grown, shows; some inherit from `Parent`, others from the node whose kid it is.
 * Works on pdf-lib's model, in the child process; it finds the pages as pdf-lib does. Before and after: `normalise.ts`.
 */
import { PDFDict, type PDFDocument, PDFName, PDFNumber, PDFPageLeaf, PDFPageTree, PDFRef } from '../pdf-lib.ts';

const [count, parent] = [PDFName.of('Count'), PDFName.of('Parent')];

/** @returns true where anything was wrong */
export function mendPageTree(pdf: PDFDocument): boolean {
  const root = pdf.catalog.get(PDFName.of('Pages'));
  return root instanceof PDFRef && mended(pdf, root).changed;
}

/** As deep as pdf-lib itself has gone: a tree that bites its tail ends in its error, and in a repair. */
function mended(pdf: PDFDocument, ref: PDFRef): { pages: number; changed: boolean } {
  const node = pdf.context.lookup(ref);
  if (!(node instanceof PDFPageTree)) return { pages: node instanceof PDFPageLeaf ? 1 : 0, changed: false };
  let [pages, changed] = [0, false];
  for (const kid of node.Kids().asArray()) {
    if (!(kid instanceof PDFRef)) continue;
    const below = mended(pdf, kid);
    pages += below.pages;
    changed ||= below.changed;
    const dict = pdf.context.lookup(kid);
    if (!(dict instanceof PDFDict) || dict.get(parent) === ref) continue;
    dict.set(parent, ref);
    changed = true;
  }
  const counted = node.lookup(count);
  if (counted instanceof PDFNumber && counted.asNumber() === pages) return { pages, changed };
  node.set(count, PDFNumber.of(pages));
  return { pages, changed: true };
}
