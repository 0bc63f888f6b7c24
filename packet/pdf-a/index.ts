/**
 * Whether a PDF keeps to what it claims in its metadata: PDF/A-1b (ISO 19005-1) or PDF/A-2b (ISO 19005-2), by the rules that a signing or
 * intake could break. It is no full validator: it reads no font programs but TrueType, no colour of image data, no grammar of XMP.
 *
 * Before: any PDF that is ours: it parses with pdf-lib in this process. After: tests; nothing is repaired.
 */
export { pdfAFaults } from './check.ts';
export type { Fault } from './examined.ts';
