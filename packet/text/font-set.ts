/** The bundled faces as one document uses them: a face is embedded when a text first needs it, and only then. */
import type { PDFContext, PDFDocument } from '../pdf-lib.ts';
import { EmbeddedFace } from './embedded-face.ts';
import { faces, type Face } from './face.ts';

export class FontSet {
  /** Of the texts, as far as it is known. */
  readonly language: string | null;
  private readonly context: PDFContext;
  private readonly embedded = new Map<string, EmbeddedFace>();

  constructor(context: PDFContext, language: string | null) {
    this.language = language;
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

/**
 * Fonts for one document, which may be loaded for an incremental update. Adds nothing to it by itself.
 * @param language of what will be drawn, as a BCP 47 primary tag: in `ja` and `ko`, Chinese characters are drawn as in Japan
 */
export async function embedFonts(pdf: PDFDocument, language: string | null = null): Promise<FontSet> {
  return new FontSet(pdf.context, language);
}

/** The face of first choice, embedded: for whoever must name a font without writing anything yet. */
export function defaultFont(fonts: FontSet): EmbeddedFace {
  const [first] = faces(false, '');
  return fonts.use(first);
}
