/** Output intent and device colours (ISO 19005-1, 6.2.2, 6.2.3; ISO 19005-2, 6.2.3, 6.2.4). */
import { decodePDFRawStream, PDFArray, PDFName, PDFRawStream, type PDFDict, type PDFObject } from '../pdf-lib.ts';
import { asName } from '../pdf-syntax.ts';
import { allContent } from './content.ts';
import { dictAt, dictOf, type Examined, itemsAt, nameAt, numberAt } from './examined.ts';

type Device = 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK';

/** Colour operators that name a device (ISO 32000-2, table 73). */
const byOperator = new Map<string, Device>([['g', 'DeviceGray'], ['G', 'DeviceGray'], ['rg', 'DeviceRGB'], ['RG', 'DeviceRGB'], ['k', 'DeviceCMYK'], ['K', 'DeviceCMYK']]);
/** Full and abbreviated (table 91) names. */
const devices = new Map<string, Device>([
  ['DeviceGray', 'DeviceGray'], ['G', 'DeviceGray'], ['DeviceRGB', 'DeviceRGB'], ['RGB', 'DeviceRGB'], ['DeviceCMYK', 'DeviceCMYK'], ['CMYK', 'DeviceCMYK'],
]);
/** Where in a colour space's array another stands (8.6.6). */
const baseAt = new Map([['Indexed', 1], ['I', 1], ['Separation', 2], ['DeviceN', 2], ['Pattern', 1]]);
/** Of an ICC profile's header, by components. */
const profileSpaces = new Map([['GRAY', 1], ['RGB ', 3], ['CMYK', 4]]);
/** ICC.1, 7.2.9: bytes 36 to 39 of every profile. */
const signatureAt = 36;

export function checkColours(examined: Examined): void {
  const space = outputSpace(examined);
  const use = (device: Device | null, where: string): void => {
    if (device === null || (device === 'DeviceGray' ? space !== null : space === (device === 'DeviceRGB' ? 'RGB ' : 'CMYK'))) return;
    examined.fault(`${device} only with an output intent for it`, ['6.2.3.3', '6.2.4.3'], where);
  };
  const deepest = 8;
  const used = (object: PDFObject | undefined, resources: PDFDict | null, depth = 0): Device | null => {
    if (object instanceof PDFName) {
      const device = devices.get(object.decodeText());
      if (device !== undefined) return replaced(device, resources) ? null : device;
      const named = dictAt(resources, 'ColorSpace')?.lookup(object);
      return named === undefined || depth > deepest ? null : used(named, resources, depth + 1);
    }
    if (!(object instanceof PDFArray) || depth > deepest) return null;
    const family = object.lookup(0);
    const at = family instanceof PDFName ? family.decodeText() : '';
    const base = baseAt.get(at);
    if (base !== undefined) return object.size() > base ? used(object.lookup(base), resources, depth + 1) : null;
    return object.size() === 1 ? used(family, resources, depth + 1) : null;
  };
  for (const { where, resources, operations } of allContent(examined.pdf)) {
    for (const { operator, operands } of operations) {
      const device = byOperator.get(operator);
      if (device !== undefined && !replaced(device, resources)) use(device, where);
      if (operator === 'cs' || operator === 'CS') use(used(PDFName.of(asName(operands[0]) ?? ''), resources), where);
      if (operator === 'BI') {
        const at = operands.findIndex((operand) => ['CS', 'ColorSpace'].includes(asName(operand) ?? ''));
        if (at >= 0) use(used(PDFName.of(asName(operands[at + 1]) ?? ''), resources), where);
      }
      if (operator === 'sh') use(used(dictOf(dictAt(resources, 'Shading')?.lookup(PDFName.of(asName(operands[0]) ?? '')))?.lookup(PDFName.of('ColorSpace')), resources), where);
      if (operator === 'Do') {
        const image = dictOf(dictAt(resources, 'XObject')?.lookup(PDFName.of(asName(operands[0]) ?? '')));
        if (nameAt(image, 'Subtype') === 'Image' && !image?.has(PDFName.of('ImageMask'))) use(used(image?.lookup(PDFName.of('ColorSpace')), resources), where);
      }
    }
  }
}

function replaced(device: Device, resources: PDFDict | null): boolean {
  return dictAt(resources, 'ColorSpace')?.has(PDFName.of(device.replace('Device', 'Default'))) ?? false;
}

/** Of the profile of the PDF/A output intent: `RGB `, `CMYK` or `GRAY`; null without one. */
function outputSpace(examined: Examined): string | null {
  const intents = itemsAt(examined.pdf.catalog, 'OutputIntents').map(dictOf).filter((intent) => nameAt(intent, 'S') === 'GTS_PDFA1');
  const profiles = new Set(intents.map((intent) => intent?.lookup(PDFName.of('DestOutputProfile'))).filter((profile) => profile !== undefined));
  if (profiles.size > 1) examined.fault('one profile for all output intents', ['6.2.2', '6.2.3'], 'output intents');
  const [profile] = profiles;
  if (!(profile instanceof PDFRawStream)) return null;
  const header = Buffer.from(decodePDFRawStream(profile).decode()).toString('latin1', 0, 128);
  const space = header.slice(16, 20);
  if (header.slice(signatureAt, signatureAt + 4) !== 'acsp') examined.fault('ICC profile of the output intent', ['6.2.2', '6.2.3'], 'output intents');
  if (profileSpaces.get(space) !== numberAt(profile.dict, 'N')) examined.fault('components of the output profile', ['6.2.2', '6.2.3'], 'output intents');
  return space;
}
