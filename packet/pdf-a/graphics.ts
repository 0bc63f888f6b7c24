/** Images, forms, graphics states, transparency, operators (ISO 19005-1, 6.2.4 to 6.2.10, 6.4; ISO 19005-2, 6.2). */
import { PDFBool, PDFName } from '../pdf-lib.ts';
import { asName } from '../pdf-syntax.ts';
import { allContent } from './content.ts';
import { dictAt, type Entry, type Examined, nameAt, namesAt, numberAt } from './examined.ts';

const intents = new Set(['RelativeColorimetric', 'AbsoluteColorimetric', 'Perceptual', 'Saturation']);
/** Blend modes of ISO 32000-1, table 136 and 137. */
const blends = new Set([
  'Normal', 'Compatible', 'Multiply', 'Screen', 'Overlay', 'Darken', 'Lighten', 'ColorDodge', 'ColorBurn', 'HardLight', 'SoftLight', 'Difference', 'Exclusion',
  'Hue', 'Saturation', 'Color', 'Luminosity',
]);
/** All there are (ISO 32000-1, table 51). */
const operators = new Set((
  "b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
).split(' '));

/** Numbers are written and read with so many digits (ISO 32000-1, annex C). */
const opaqueWithin = 0.00001;

export function checkGraphics(examined: Examined): void {
  for (const entry of examined.entries) {
    checkXObject(examined, entry);
    checkState(examined, entry);
  }
  for (const { where, operations } of allContent(examined.pdf)) {
    for (const { operator, operands } of operations) {
      if (!operators.has(operator)) examined.fault(`operator ${operator} is none of PDF`, ['6.2.10', '6.2.2'], where);
      if (operator === 'ri' && !intents.has(asName(operands[0]) ?? '')) examined.fault('rendering intent', ['6.2.9', '6.2.6'], where);
    }
  }
}

function checkXObject(examined: Examined, { where, dict, stream }: Entry): void {
  const has = (key: string): boolean => dict.has(PDFName.of(key));
  const subtype = stream === null ? null : nameAt(dict, 'Subtype');
  if (subtype === 'PS') examined.fault('no PostScript', ['6.2.7', '6.2.9'], where);
  if (subtype === 'Image') {
    if (has('Alternates')) examined.fault('no alternate images', ['6.2.4', '6.2.8'], where);
    if (has('OPI')) examined.fault('no OPI', ['6.2.4', '6.2.8'], where);
    if (dict.lookup(PDFName.of('Interpolate')) === PDFBool.True) examined.fault('no interpolation', ['6.2.4', '6.2.8'], where);
    if (has('SMask') && nameAt(dict, 'SMask') !== 'None') examined.fault('no transparency', ['6.4', null], where);
  }
  if (subtype === 'Form') {
    if (has('OPI')) examined.fault('no OPI', ['6.2.5', '6.2.9'], where);
    if (has('PS') || nameAt(dict, 'Subtype2') === 'PS') examined.fault('no PostScript', ['6.2.5', '6.2.9'], where);
    if (has('Ref')) examined.fault('no page of another file', ['6.2.6', '6.2.9'], where);
  }
  if (nameAt(dictAt(dict, 'Group'), 'S') === 'Transparency') examined.fault('no transparency', ['6.4', null], where);
}

/** Graphics states are known by their type, or by what only these have. */
function checkState(examined: Examined, { where, dict, stream }: Entry): void {
  if (stream !== null || (nameAt(dict, 'Type') !== 'ExtGState' && numberAt(dict, 'CA') === null && numberAt(dict, 'ca') === null)) return;
  if (nameAt(dict, 'Type') === 'Annot') return;
  const has = (key: string): boolean => dict.has(PDFName.of(key));
  if (has('TR') || (has('TR2') && nameAt(dict, 'TR2') !== 'Default')) examined.fault('no transfer function', ['6.2.8', '6.2.5'], where);
  if (has('RI') && !intents.has(nameAt(dict, 'RI') ?? '')) examined.fault('rendering intent', ['6.2.8', '6.2.6'], where);
  if (has('SMask') && nameAt(dict, 'SMask') !== 'None') examined.fault('no transparency', ['6.4', null], where);
  if (['CA', 'ca'].some((key) => Math.abs((numberAt(dict, key) ?? 1) - 1) > opaqueWithin)) examined.fault('no transparency', ['6.4', null], where);
  const modes = namesAt(dict, 'BM');
  if (modes.some((mode) => mode !== 'Normal' && mode !== 'Compatible')) examined.fault('no transparency', ['6.4', null], where);
  if (modes.some((mode) => !blends.has(mode))) examined.fault('blend mode', [null, '6.2.10'], where);
}
