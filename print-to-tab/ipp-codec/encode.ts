/**
 * IPP to bytes, RFC 8010 section 3. The counterpart of `decode.ts`: what one writes the other reads.
 */
import { PrintError } from '../errors.ts';
import { MAX_NAME_OCTETS, MAX_VALUE_OCTETS } from './limits.ts';
import type { Message } from './message.ts';
import { GROUP, OUT_OF_BAND_TAGS, STRING_TAGS, TAG } from './tags.ts';
import type { Attribute, Value } from './value.ts';

const NOTHING = Buffer.alloc(0);

/** @throws PrintError IPP_UNENCODABLE: a name or value too long, a number out of range, an attribute without values */
export function encode(message: Message): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(message.version.major, 0);
  head.writeUInt8(message.version.minor, 1);
  head.writeUInt16BE(message.code, 2);
  head.writeInt32BE(message.requestId, 4);
  const parts: Buffer[] = [head];
  for (const group of message.groups) {
    parts.push(Buffer.of(group.tag));
    for (const { name, values } of group.attributes) writeAttribute(parts, name, values);
  }
  parts.push(Buffer.of(GROUP.end));
  return Buffer.concat(parts);
}

/** Only the first value carries the name; RFC 8010 section 3.1.5. */
function writeAttribute(parts: Buffer[], name: string, values: readonly Value[]): void {
  requireValues(name, values);
  values.forEach((value, index) => writeValue(parts, index === 0 ? name : '', value));
}

function writeValue(parts: Buffer[], name: string, value: Value): void {
  if (value.type === 'collection') {
    writeField(parts, TAG.begCollection, name, NOTHING);
    for (const member of value.members) writeMember(parts, member);
    writeField(parts, TAG.endCollection, '', NOTHING);
    return;
  }
  const [tag, bytes] = simpleValue(value);
  writeField(parts, tag, name, bytes);
}

function writeMember(parts: Buffer[], { name, values }: Attribute): void {
  requireValues(name, values);
  writeField(parts, TAG.memberAttrName, '', nameBytes(name));
  for (const value of values) writeValue(parts, '', value);
}

function writeField(parts: Buffer[], tag: number, name: string, bytes: Uint8Array): void {
  if (bytes.length > MAX_VALUE_OCTETS) throw unencodable(`a value of ${bytes.length} octets, at most ${MAX_VALUE_OCTETS} fit`);
  const encodedName = nameBytes(name);
  const lead = Buffer.alloc(3);
  lead.writeUInt8(tag, 0);
  lead.writeInt16BE(encodedName.length, 1);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  parts.push(lead, encodedName, length, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function simpleValue(value: Exclude<Value, { type: 'collection' }>): [tag: number, bytes: Uint8Array] {
  switch (value.type) {
    case 'integer':
    case 'enum': return [TAG[value.type], integers(value.value)];
    case 'boolean': return [TAG.boolean, Buffer.of(value.value ? 1 : 0)];
    case 'rangeOfInteger': return [TAG.rangeOfInteger, integers(value.lower, value.upper)];
    case 'resolution': return [TAG.resolution, Buffer.concat([integers(value.x, value.y), Buffer.of(value.units)])];
    case 'octetString': return [TAG.octetString, value.bytes];
    case 'dateTime': return [TAG.dateTime, value.bytes];
    case 'other': return [value.tag, value.bytes];
    case 'text':
    case 'name': {
      if (value.language === undefined) return [STRING_TAGS[value.type], Buffer.from(value.value)];
      const bytes = Buffer.concat([counted(value.language), counted(value.value)]);
      return [value.type === 'text' ? TAG.textWithLanguage : TAG.nameWithLanguage, bytes];
    }
    case 'keyword':
    case 'uri':
    case 'uriScheme':
    case 'charset':
    case 'naturalLanguage':
    case 'mimeMediaType': return [STRING_TAGS[value.type], Buffer.from(value.value)];
    default: return [OUT_OF_BAND_TAGS[value.type], NOTHING];
  }
}

function integers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    if (!Number.isInteger(value) || value !== (value | 0)) throw unencodable(`the integer ${value}`);
    bytes.writeInt32BE(value, 4 * index);
  });
  return bytes;
}

function counted(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length > MAX_VALUE_OCTETS) throw unencodable(`a string of ${bytes.length} octets`);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

function nameBytes(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (bytes.length > MAX_NAME_OCTETS) throw unencodable(`an attribute name of ${bytes.length} octets, at most ${MAX_NAME_OCTETS} fit`);
  return bytes;
}

function requireValues(name: string, values: readonly Value[]): void {
  if (name === '' || values.length === 0) throw unencodable(`the attribute "${name}" with ${values.length} values`);
}

function unencodable(what: string): PrintError {
  return new PrintError('IPP_UNENCODABLE', `IPP message: ${what} cannot be written`);
}
