/**
 * The fields of a document's own form that a signer is meant to fill in (ISO 32000-2, 12.7.5): empty signature fields, and
 * beside them what is clearly named as initials, date of signing or consent. Everything else in a form was for its author.
 * Before: pdf.js's annotations. After: `search.ts`.
 */
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Field, FieldKind, Role } from './field.ts';
import { roleOf } from './label.ts';

interface Widget {
  fieldType?: string;
  fieldName?: string;
  alternativeText?: string;
  fieldValue?: unknown;
  checkBox?: boolean;
  readOnly?: boolean;
  hidden?: boolean;
  rect: readonly number[];
}

const most = 1000;
const longestLabel = 200;
const deepest = 8;
const words: Record<'initials' | 'date' | 'check', RegExp> = {
  initials: /\b(?:initials?|initialen|paraphe?|iniciales|iniciais|sigla)\b/u,
  date: /\b(?:sign(?:ed|ature|ing)? date|date (?:of )?sign(?:ed|ature|ing)?|sig date|date sig|unterschriftsdatum|datum (?:der )?unterschrift|fecha (?:de )?firma|data (?:da )?assinatura|data firma)\b/u,
  check: /\b(?:newsletter|marketing|consent|privacy|gdpr|dsgvo|rgpd|einwilligung|opt in|i agree|zgoda|consenso|consentimiento|consentement)\b/u,
};

/** @param signed full names of fields that hold a signature already: no place to sign any more. */
export async function acroformFields(page: PDFPageProxy, signed: ReadonlySet<string>): Promise<Field[]> {
  const annotations = await page.getAnnotations() as Widget[];
  return annotations.slice(0, most).flatMap((widget) => {
    const { fieldName: name, alternativeText, rect } = widget;
    const kind = kindOf(widget);
    // pdf.js leaves out a rectangle that cannot be read
    const [left, bottom, right, top] = (rect ?? []) as [number, number, number, number];
    if (kind === null || !name || signed.has(name) || rect === undefined || right <= left || top <= bottom || !inView(rect, page.view)) return [];
    return [{
      kind, role: speaksOf(name, alternativeText), name, label: (alternativeText || name).slice(0, longestLabel), page: page.pageNumber,
      rect: { x: left, y: bottom, width: right - left, height: top - bottom }, found: 'acroform' as const,
    }];
  });
}

/** The tooltip says it in words; of the name, the last part says most: "hotel_card.guest_sig". */
function speaksOf(name: string, tooltip = ''): Role {
  return [tooltip, ...name.split('.').slice(-deepest).reverse()].map(roleOf).find((role) => role !== null) ?? 'guest';
}

function kindOf({ fieldType, fieldName = '', alternativeText = '', fieldValue, checkBox, readOnly, hidden }: Widget): FieldKind | null {
  // What is filled in there nobody would see.
  if (hidden === true) return null;
  if (fieldType === 'Sig') return 'signature';
  if (readOnly === true) return null;
  const named = `${fieldName} ${alternativeText}`.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll(/[^\p{L}]+/gu, ' ').toLowerCase();
  if (fieldType === 'Tx' && (fieldValue === '' || fieldValue === null || fieldValue === undefined)) {
    return (['initials', 'date'] as const).find((kind) => words[kind].test(named)) ?? null;
  }
  return fieldType === 'Btn' && checkBox === true && (fieldValue === 'Off' || fieldValue === null || fieldValue === undefined) && words.check.test(named) ? 'check' : null;
}

function inView([left, bottom, right, top]: readonly number[], [x1, y1, x2, y2]: readonly number[]): boolean {
  const slack = 0.01;
  return Number(left) >= Number(x1) - slack && Number(bottom) >= Number(y1) - slack && Number(right) <= Number(x2) + slack && Number(top) <= Number(y2) + slack;
}
