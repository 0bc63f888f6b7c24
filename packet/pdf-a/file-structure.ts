/** File structure (ISO 19005-1, 6.1; ISO 19005-2, 6.1, 6.8 to 6.11). */
import { PDFName } from '../pdf-lib.ts';
import { readCrossReference } from '../cross-reference.ts';
import { dictAt, type Examined, itemsAt, namesAt } from './examined.ts';

export function checkFileStructure(examined: Examined): void {
  const { bytes, pdf, entries } = examined;
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  // Part 1 leaves the number open (its 6.1.2).
  if (!/^%PDF-\d\.\d(\r\n|\n|\r)%[\x80-\xff]{4}/.test(head)) examined.fault('header with a comment of four bytes above 127', ['6.1.2', '6.1.2'], 'header');
  if (!/^%PDF-1\.[0-7]/.test(head)) examined.fault('header of PDF 1', [null, '6.1.2'], 'header');
  if (!/%%EOF(\r\n|\n|\r)?$/.test(Buffer.from(bytes.subarray(-16)).toString('latin1'))) examined.fault('no data after the last %%EOF', ['6.1.3', '6.1.3'], 'end of file');
  const crossReference = readCrossReference(bytes);
  if (crossReference === null) examined.fault('cross-reference', ['6.1.4', '6.1.4'], 'cross-reference');
  else {
    if (itemsAt(crossReference.trailer, 'ID').length !== 2) examined.fault('file identifier in the trailer', ['6.1.3', '6.1.3'], 'trailer');
    if (crossReference.trailer.has(PDFName.of('Encrypt'))) examined.fault('no encryption', ['6.1.3', '6.1.3'], 'trailer');
    if (crossReference.form === 'stream') examined.fault('no cross-reference stream', ['6.1.4', null], 'cross-reference');
  }
  for (const { where, dict, stream } of entries) {
    if (stream !== null) {
      if (['F', 'FFilter', 'FDecodeParms'].some((key) => dict.has(PDFName.of(key)))) examined.fault('no data of a stream in another file', ['6.1.7', '6.1.7.1'], where);
      const filters = namesAt(dict, 'Filter');
      if (filters.some((filter) => filter === 'LZWDecode' || filter === 'LZW')) examined.fault('no LZW', ['6.1.10', '6.1.7.2'], where);
    }
    if (dict.has(PDFName.of('EF'))) examined.fault('no embedded files', ['6.1.11', null], where);
  }
  if (dictAt(dictAt(pdf.catalog, 'Names'), 'EmbeddedFiles') !== null) examined.fault('no embedded files', ['6.1.11', null], 'catalog');
  if (pdf.catalog.has(PDFName.of('OCProperties'))) examined.fault('no optional content', ['6.1.13', null], 'catalog');
  checkPermissions(examined);
}

/** ISO 19005-2 allows a certification in `/Perms`, whose references name no digest of objects. */
function checkPermissions(examined: Examined): void {
  const permissions = dictAt(examined.pdf.catalog, 'Perms');
  for (const [key] of permissions?.entries() ?? []) {
    if (!['UR3', 'DocMDP'].includes(key.decodeText())) examined.fault('permissions other than DocMDP and UR3', [null, '6.1.12'], 'catalog');
  }
  if (dictAt(permissions, 'DocMDP') === null) return;
  for (const { where, dict } of examined.entries) {
    if (dict.has(PDFName.of('TransformMethod')) && ['DigestLocation', 'DigestMethod', 'DigestValue'].some((key) => dict.has(PDFName.of(key)))) {
      examined.fault('no digest in a signature reference', [null, '6.1.12'], where);
    }
  }
}
