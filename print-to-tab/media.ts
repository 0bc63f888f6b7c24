/**
 * The paper a tablet pretends to hold (PWG 5101.1 names, PWG 5100.3 collections). Sizes in hundredths of a millimetre.
 *
 * Margins are 0 and nothing is ever scaled: Windows fits to the margins it is told, and a second scaling would
 * move the signature line away from where the document shows it.
 */
import { attribute, collection, integer, keyword, type Attribute, type Value } from './ipp-codec/value.ts';

const SIZES: readonly [name: string, x: number, y: number][] = [
  ['iso_a4_210x297mm', 21000, 29700],
  ['na_letter_8.5x11in', 21590, 27940],
  ['iso_a5_148x210mm', 14800, 21000],
];

export const MEDIA = SIZES.map(([name]) => name);

const MARGINS = ['media-bottom-margin', 'media-left-margin', 'media-right-margin', 'media-top-margin'];
const noMargins = MARGINS.map((margin) => attribute(margin, integer(0)));
/** Words, never numbers: Windows 11 hangs while connecting over a media-source that is a bare number. */
const source = attribute('media-source', keyword('main'));
const type = attribute('media-type', keyword('stationery'));

function sizeOf(x: number, y: number): Value {
  return collection(attribute('x-dimension', integer(x)), attribute('y-dimension', integer(y)));
}

const ready = SIZES.map(([, x, y]) => collection(attribute('media-size', sizeOf(x, y)), ...noMargins, source, type));

/** Large, and sent only to clients that ask for it by name (PWG 5100.11). */
export const MEDIA_COL_DATABASE = attribute('media-col-database', ...ready);

export const MEDIA_TEMPLATE: Attribute[] = [
  attribute('media-default', keyword('iso_a4_210x297mm')),
  attribute('media-supported', ...MEDIA.map(keyword)),
  attribute('media-ready', ...MEDIA.map(keyword)),
  attribute('media-col-default', ready[0] as Value),
  attribute('media-col-ready', ...ready),
  attribute('media-col-supported', ...['media-size', ...MARGINS, 'media-source', 'media-type'].map(keyword)),
  attribute('media-size-supported', ...SIZES.map(([, x, y]) => sizeOf(x, y))),
  ...MARGINS.map((margin) => attribute(`${margin}-supported`, integer(0))),
  attribute('media-source-supported', keyword('auto'), keyword('main')),
  attribute('media-type-supported', keyword('auto'), keyword('stationery')),
];
