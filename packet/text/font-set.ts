/** The bundled faces as one document uses them: a face is embedded when a text first needs it, and only then. */
import type { PDFContext, PDFDocument } from 'pdf-lib';
import { EmbeddedFace } from './embedded-face.ts';
import { faces, type Face } from './face.ts';

export class FontSet {
  private readonly context: PDFContext;
  private readonly embedded = new Map<string, EmbeddedFace>();

  constructor(context: PDFContext) {
    this.context = context;
  }

  /** The face in this document; embeds it at the first call. */
  use(face: Face): EmbeddedFace {
    let embedded = this.embedded.get(face.name);
    if (embedded === undefined) {
      embedded = new EmbeddedFace(this.context, face);
      this.embedded.set(face.name, embedded);
    }
    return embedded;
  }
}

/** Fonts for one document, which may be loaded for an incremental update. Adds nothing to it by itself. */
export async function embedFonts(pdf: PDFDocument): Promise<FontSet> {
  return new FontSet(pdf.context);
}

/** The face of first choice, embedded: for whoever must name a font without writing anything yet. */
export function defaultFont(fonts: FontSet): EmbeddedFace {
  const [first] = faces(false, '');
  return fonts.use(first);
}
