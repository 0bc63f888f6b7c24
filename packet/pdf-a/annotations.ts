/** Annotations, actions, forms (ISO 19005-1, 6.5, 6.6, 6.9; ISO 19005-2, 6.3 to 6.5). */
import { PDFBool, PDFDict, PDFName, PDFNumber, PDFStream } from '../pdf-lib.ts';
import { dictAt, dictOf, type Entry, type Examined, itemsAt, nameAt, namesAt, numberAt } from './examined.ts';

const [invisible, hidden, print, noView, toggleNoView] = [1, 2, 4, 32, 256];
const kinds = {
  1: new Set(['Text', 'Link', 'FreeText', 'Line', 'Square', 'Circle', 'Highlight', 'Underline', 'Squiggly', 'StrikeOut', 'Stamp', 'Ink', 'Popup', 'Widget', 'PrinterMark', 'TrapNet']),
  2: new Set([
    'Text', 'Link', 'FreeText', 'Line', 'Square', 'Circle', 'Polygon', 'PolyLine', 'Highlight', 'Underline', 'Squiggly', 'StrikeOut', 'Caret', 'Stamp', 'Ink', 'Popup', 'FileAttachment',
    'Widget', 'PrinterMark', 'TrapNet', 'Watermark', 'Redact',
  ]),
};
const forbiddenActions = {
  1: new Set(['Launch', 'Sound', 'Movie', 'ResetForm', 'ImportData', 'JavaScript', 'set-state', 'no-op', 'SetState', 'NOP']),
  2: new Set(['Launch', 'Sound', 'Movie', 'ResetForm', 'ImportData', 'Hide', 'SetOCGState', 'Rendition', 'Trans', 'GoTo3DView', 'JavaScript', 'set-state', 'no-op', 'SetState', 'NOP']),
};
const namedActions = new Set(['NextPage', 'PrevPage', 'FirstPage', 'LastPage']);

export function checkAnnotations(examined: Examined): void {
  const { pdf, entries } = examined;
  for (const entry of entries) checkAction(examined, entry);
  pdf.getPages().forEach(({ node }, index) => {
    if (node.has(PDFName.of('AA'))) examined.fault('no additional actions of a page', [null, '6.5.2'], `page ${index + 1}`);
    for (const annotation of itemsAt(node, 'Annots')) if (annotation instanceof PDFDict) checkAnnotation(examined, annotation, `page ${index + 1}`);
  });
  if (pdf.catalog.has(PDFName.of('AA'))) examined.fault('no additional actions of the document', ['6.6.2', '6.5.2'], 'catalog');
  const form = dictAt(pdf.catalog, 'AcroForm');
  if (form?.lookup(PDFName.of('NeedAppearances')) === PDFBool.True) examined.fault('appearances are there and not to be made', ['6.9', '6.4.1'], 'form');
  if (form?.has(PDFName.of('XFA')) === true) examined.fault('no XFA', [null, '6.4.2'], 'form');
  for (const { where, dict } of entries) {
    if (!dict.has(PDFName.of('FT'))) continue;
    if (dict.has(PDFName.of('AA'))) examined.fault('no additional actions of a field', ['6.6.2', '6.4.1'], where);
    if (dict.has(PDFName.of('A'))) examined.fault('no action of a field', [null, '6.4.1'], where);
  }
}

function checkAction(examined: Examined, { where, dict }: Entry): void {
  for (const key of ['A', 'OpenAction', 'Next']) {
    const action = dictAt(dict, key);
    const kind = nameAt(action, 'S');
    if (kind !== null && forbiddenActions[examined.part].has(kind)) examined.fault(`no ${kind} action`, ['6.6.1', '6.5.1'], where);
    if (kind === 'Named' && !namedActions.has(nameAt(action, 'N') ?? '')) examined.fault('named action', ['6.6.1', '6.5.1'], where);
  }
}

function checkAnnotation(examined: Examined, annotation: PDFDict, page: string): void {
  const kind = nameAt(annotation, 'Subtype') ?? '';
  const where = `${page}, ${kind} annotation`;
  if (!kinds[examined.part].has(kind)) examined.fault('kind of annotation', ['6.5.2', '6.3.1'], where);
  if ((numberAt(annotation, 'CA') ?? 1) !== 1) examined.fault('no transparent annotation', ['6.5.3', null], where);
  const flags = numberAt(annotation, 'F');
  const wrong = flags === null ? (examined.part === 1 ? 0 : print)
    : (flags & (invisible | hidden | noView)) | (~flags & print) | (examined.part === 2 ? flags & toggleNoView : 0);
  if (kind !== 'Popup' && wrong !== 0) examined.fault('annotations are shown and printed', ['6.5.3', '6.3.2'], where);
  checkAppearance(examined, annotation, kind, where);
  if (kind === 'Widget' && annotation.has(PDFName.of('AA'))) examined.fault('no additional actions of a widget', ['6.6.2', '6.4.1'], where);
  if (kind === 'Widget' && annotation.has(PDFName.of('A'))) examined.fault('no action of a widget', [null, '6.4.1'], where);
}

/** Only a normal appearance: of a button one for each state, else one. */
function checkAppearance(examined: Examined, annotation: PDFDict, kind: string, where: string): void {
  const appearance = dictAt(annotation, 'AP');
  if (appearance === null) {
    if (kind === 'Widget') examined.fault('fields have an appearance', ['6.9', hasArea(annotation) ? '6.3.3' : null], where);
    else if (kind !== 'Popup' && kind !== 'Link' && hasArea(annotation)) examined.fault('annotations have an appearance', [null, '6.3.3'], where);
    return;
  }
  const normal = appearance.lookup(PDFName.of('N'));
  if (appearance.keys().some((key) => key !== PDFName.of('N')) || normal === undefined) examined.fault('only a normal appearance', ['6.5.3', '6.3.3'], where);
  const parent = dictOf(annotation.lookup(PDFName.of('Parent')));
  const isButton = kind === 'Widget' && [...namesAt(annotation, 'FT'), ...(parent === null ? [] : namesAt(parent, 'FT'))].includes('Btn');
  if (isButton ? normal instanceof PDFStream : normal instanceof PDFDict) examined.fault('appearance of each state of a button, else one', [isButton ? null : '6.5.3', '6.3.3'], where);
}

function hasArea(annotation: PDFDict): boolean {
  const [left, bottom, right, top] = itemsAt(annotation, 'Rect').map((edge) => (edge instanceof PDFNumber ? edge.asNumber() : Number.NaN));
  return left !== right && bottom !== top;
}
