/**
 * What a job may ask for (RFC 8011 section 5.2), and what becomes of the rest.
 *
 * A document on a tablet has one copy and one side, whatever was asked, so the choices are the fewest that
 * print dialogues accept.
 */
import { booleanOf, find } from './ipp-codec/message.ts';
import { attribute, dotsPerInch, enumeration, integer, keyword, outOfBand, range, type Attribute, type Value } from './ipp-codec/value.ts';
import { MEDIA, MEDIA_TEMPLATE } from './media.ts';

const QUALITY_NORMAL = 4;
const FINISHINGS_NONE = 3;
/** portrait, landscape, reverse-landscape, reverse-portrait */
const ORIENTATIONS = [3, 4, 5, 6];

/** The printer attributes behind the job template: defaults and choices. */
export const JOB_TEMPLATE: Attribute[] = [
  attribute('copies-default', integer(1)),
  attribute('copies-supported', range(1, 1)),
  attribute('finishings-default', enumeration(FINISHINGS_NONE)),
  attribute('finishings-supported', enumeration(FINISHINGS_NONE)),
  ...MEDIA_TEMPLATE,
  attribute('orientation-requested-default', outOfBand('no-value')),
  attribute('orientation-requested-supported', ...ORIENTATIONS.map(enumeration)),
  // face-up would make CUPS send the last page first, so that the paper lies in order
  attribute('output-bin-default', keyword('face-down')),
  attribute('output-bin-supported', keyword('face-down')),
  attribute('print-color-mode-default', keyword('auto')),
  attribute('print-color-mode-supported', keyword('auto'), keyword('color'), keyword('monochrome')),
  attribute('print-content-optimize-default', keyword('auto')),
  attribute('print-content-optimize-supported', keyword('auto')),
  attribute('print-quality-default', enumeration(QUALITY_NORMAL)),
  attribute('print-quality-supported', enumeration(QUALITY_NORMAL)),
  attribute('print-rendering-intent-default', keyword('auto')),
  attribute('print-rendering-intent-supported', keyword('auto')),
  attribute('print-scaling-default', keyword('none')),
  attribute('print-scaling-supported', keyword('none')),
  attribute('printer-resolution-default', dotsPerInch(300)),
  attribute('printer-resolution-supported', dotsPerInch(300)),
  attribute('sides-default', keyword('one-sided')),
  attribute('sides-supported', keyword('one-sided')),
];

/** Taken in a job: every attribute with a `-supported` above that is a choice of the whole job. */
export const JOB_CREATION_ATTRIBUTES = [
  'copies', 'finishings', 'media', 'media-col', 'orientation-requested', 'output-bin', 'print-color-mode',
  'print-content-optimize', 'print-quality', 'print-rendering-intent', 'print-scaling', 'printer-resolution', 'sides',
];

/**
 * What of a job's wishes is not met: values unsupported come back as they were, unknown names with the
 * value `unsupported` (RFC 8011 section 4.1.7).
 */
export function unsupportedWishes(wishes: readonly Attribute[]): Attribute[] {
  return wishes.flatMap((wish) => {
    if (!JOB_CREATION_ATTRIBUTES.includes(wish.name)) return [attribute(wish.name, outOfBand('unsupported'))];
    return wish.values.every((value) => isOffered(wish.name, value)) ? [] : [wish];
  });
}

/** True when the client rather has no job than one that differs from its wishes. */
export function insists(operationAttributes: readonly Attribute[]): boolean {
  return booleanOf(operationAttributes, 'ipp-attribute-fidelity') === true;
}

function isOffered(name: string, wish: Value): boolean {
  // The page size on screen is the document's own, so any media-col can be met.
  if (name === 'media-col') return wish.type === 'collection';
  if (name === 'media') return 'value' in wish && MEDIA.includes(String(wish.value));
  const offered = find(JOB_TEMPLATE, `${name}-supported`)?.values ?? [];
  return offered.some((value) => covers(value, wish));
}

function covers(offered: Value, wish: Value): boolean {
  if (offered.type === 'rangeOfInteger') {
    return wish.type === 'integer' && wish.value >= offered.lower && wish.value <= offered.upper;
  }
  if (offered.type === 'resolution') {
    return wish.type === 'resolution' && wish.x === offered.x && wish.y === offered.y && wish.units === offered.units;
  }
  return 'value' in offered && 'value' in wish && offered.value === wish.value;
}
