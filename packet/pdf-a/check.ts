/** Composes the rules of this folder. */
import { PDFDocument } from '../pdf-lib.ts';
import { checkAnnotations } from './annotations.ts';
import { checkColours } from './colours.ts';
import { Examined, type Fault } from './examined.ts';
import { checkFileStructure } from './file-structure.ts';
import { checkFonts } from './fonts.ts';
import { checkGraphics } from './graphics.ts';
import { checkMetadata, claimOf } from './metadata.ts';

/**
 * @returns null where the metadata claim neither PDF/A-1 nor PDF/A-2 (of any level: what level b asks, all do)
 * @throws pdf-lib's error where it cannot read the file
 */
export async function pdfAFaults(bytes: Uint8Array): Promise<Fault[] | null> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false, ignoreEncryption: true });
  const part = claimOf(pdf);
  if (part === null) return null;
  const examined = new Examined(pdf, part, bytes);
  for (const check of [checkFileStructure, checkMetadata, checkGraphics, checkColours, checkFonts, checkAnnotations]) check(examined);
  return examined.faults;
}
