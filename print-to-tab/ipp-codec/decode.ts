/**
 * IPP from bytes, RFC 8010 section 3. Pure and bounded: it reads each byte once, its depth and counts have limits,
 * and anything that does not follow the RFC ends in a PrintError with the byte where it happened.
 *
 * It judges the encoding only. Whether attributes make sense together is for `ipp-operations/`.
 */
import { PrintError } from '../errors.ts';
import { CODEC_LIMITS, MAX_NAME_OCTETS, type CodecLimits } from './limits.ts';
import type { Group, Message } from './message.ts';
import { FIRST_VALUE_TAG, GROUP, OUT_OF_BAND_TAGS, STRING_TAGS, TAG } from './tags.ts';
import type { Attribute, OutOfBand, StringKind, Value } from './value.ts';

const STRING_KINDS = new Map(Object.entries(STRING_TAGS).map(([kind, tag]) => [tag as number, kind as StringKind]));
const OUT_OF_BAND_KINDS = new Map(Object.entries(OUT_OF_BAND_TAGS).map(([kind, tag]) => [tag as number, kind as OutOfBand]));

/**
 * @param bytes one message, from its version to its end-of-attributes tag; a document may follow
 * @returns the message and the offset of the first byte after it
 * @throws PrintError IPP_TRUNCATED, IPP_MALFORMED or IPP_LIMIT
 */
export function decode(bytes: Uint8Array, limits: CodecLimits = CODEC_LIMITS): { message: Message; end: number } {
  const decoder = new Decoder(bytes, limits);
  const message = decoder.message();
  return { message, end: decoder.at };
}

/** One value as it stands in the message: the name is empty for the second value of an attribute. */
interface Field { at: number; tag: number; name: string; bytes: Uint8Array }

class Decoder {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: CodecLimits;
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  #attributes = 0;
  #values = 0;

  constructor(bytes: Uint8Array, limits: CodecLimits) {
    this.#bytes = bytes.subarray(0, limits.maxBytes);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#limits = limits;
  }

  message(): Message {
    this.#need(8);
    const head = {
      version: { major: this.#view.getUint8(0), minor: this.#view.getUint8(1) },
      code: this.#view.getUint16(2),
      requestId: this.#view.getInt32(4),
    };
    this.at = 8;
    return { ...head, groups: this.#groups() };
  }

  #groups(): Group[] {
    const groups: Group[] = [];
    for (;;) {
      const tag = this.#peek();
      if (tag >= FIRST_VALUE_TAG) {
        const group = groups.at(-1);
        if (group === undefined) this.#malformed('a value before the first group');
        this.#attributeInto(group.attributes);
        continue;
      }
      this.at += 1;
      if (tag === GROUP.end) return groups;
      if (tag === 0) this.#malformed('the reserved delimiter tag 0', this.at - 1);
      this.#count();
      groups.push({ tag, attributes: [] });
    }
  }

  #attributeInto(attributes: Attribute[]): void {
    const field = this.#field();
    const value = this.#value(field, 0);
    if (field.name !== '') {
      this.#count();
      attributes.push({ name: field.name, values: [value] });
      return;
    }
    const attribute = attributes.at(-1);
    if (attribute === undefined) this.#malformed('a further value without an attribute before it', field.at);
    attribute.values.push(value);
  }

  #field(): Field {
    const at = this.at;
    const tag = this.#peek();
    this.at += 1;
    const name = this.#take(this.#length());
    if (name.length > MAX_NAME_OCTETS) this.#malformed(`an attribute name of ${name.length} octets`, at);
    const bytes = this.#take(this.#length());
    this.#values += 1;
    if (this.#values > this.#limits.maxValues) this.#over(`more than ${this.#limits.maxValues} values`);
    return { at, tag, name: this.#utf8.decode(name), bytes };
  }

  #value(field: Field, depth: number): Value {
    const { tag, bytes, at } = field;
    const kind = STRING_KINDS.get(tag);
    if (kind !== undefined) return { type: kind, value: this.#utf8.decode(bytes) };
    const nothing = OUT_OF_BAND_KINDS.get(tag);
    if (nothing !== undefined) return { type: nothing };
    switch (tag) {
      case TAG.integer: return { type: 'integer', value: this.#fixed(field, 4).getInt32(0) };
      case TAG.enum: return { type: 'enum', value: this.#fixed(field, 4).getInt32(0) };
      case TAG.boolean: return { type: 'boolean', value: this.#fixed(field, 1).getUint8(0) !== 0 };
      case TAG.octetString: return { type: 'octetString', bytes: Uint8Array.from(bytes) };
      case TAG.dateTime: this.#fixed(field, 11); return { type: 'dateTime', bytes: Uint8Array.from(bytes) };
      case TAG.resolution: {
        const view = this.#fixed(field, 9);
        return { type: 'resolution', x: view.getInt32(0), y: view.getInt32(4), units: view.getInt8(8) };
      }
      case TAG.rangeOfInteger: {
        const view = this.#fixed(field, 8);
        return { type: 'rangeOfInteger', lower: view.getInt32(0), upper: view.getInt32(4) };
      }
      case TAG.textWithLanguage: return { type: 'text', ...this.#withLanguage(field) };
      case TAG.nameWithLanguage: return { type: 'name', ...this.#withLanguage(field) };
      case TAG.begCollection: return { type: 'collection', members: this.#members(depth + 1, at) };
      case TAG.endCollection:
      case TAG.memberAttrName: return this.#malformed('a part of a collection outside of one', at);
      default: return { type: 'other', tag, bytes: Uint8Array.from(bytes) };
    }
  }

  /** Members up to the end of this collection; RFC 8010 section 3.1.7: a name, then its values, each a field of its own. */
  #members(depth: number, start: number): Attribute[] {
    if (depth > this.#limits.maxDepth) this.#over(`collections ${depth} deep`);
    const members: Attribute[] = [];
    let empty: Field | null = null;
    for (;;) {
      const field = this.#field();
      if (field.name !== '') this.#malformed('a named attribute inside a collection', field.at);
      if (field.tag === TAG.memberAttrName || field.tag === TAG.endCollection) {
        if (empty !== null) this.#malformed('a member without a value', empty.at);
        if (field.tag === TAG.endCollection) return members;
        if (field.bytes.length === 0 || field.bytes.length > MAX_NAME_OCTETS) {
          this.#malformed(`a member name of ${field.bytes.length} octets`, field.at);
        }
        this.#count();
        members.push({ name: this.#utf8.decode(field.bytes), values: [] });
        empty = field;
        continue;
      }
      const member = members.at(-1);
      if (member === undefined) this.#malformed('a value before the first member name', start);
      member.values.push(this.#value(field, depth));
      empty = null;
    }
  }

  /** RFC 8010 section 3.9: two strings with lengths of their own, which must fill the value exactly (CVE-2007-4351). */
  #withLanguage(field: Field): { value: string; language: string } {
    const { bytes, at } = field;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const languageLength = bytes.length >= 2 ? view.getUint16(0) : Infinity;
    const textAt = 2 + languageLength;
    const textLength = textAt + 2 <= bytes.length ? view.getUint16(textAt) : Infinity;
    if (textAt + 2 + textLength !== bytes.length) this.#malformed('a string with language whose lengths do not add up', at);
    return { language: this.#utf8.decode(bytes.subarray(2, textAt)), value: this.#utf8.decode(bytes.subarray(textAt + 2)) };
  }

  #fixed({ bytes, at }: Field, length: number): DataView {
    if (bytes.length !== length) this.#malformed(`a value of ${bytes.length} octets where ${length} belong`, at);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  #length(): number {
    this.#need(2);
    const length = this.#view.getInt16(this.at);
    if (length < 0) this.#malformed('a negative length');
    this.at += 2;
    return length;
  }

  #take(length: number): Uint8Array {
    this.#need(length);
    const bytes = this.#bytes.subarray(this.at, this.at + length);
    this.at += length;
    return bytes;
  }

  #peek(): number {
    this.#need(1);
    return this.#view.getUint8(this.at);
  }

  #count(): void {
    this.#attributes += 1;
    if (this.#attributes > this.#limits.maxAttributes) this.#over(`more than ${this.#limits.maxAttributes} attributes`);
  }

  #need(length: number): void {
    if (this.at + length <= this.#bytes.length) return;
    if (this.#bytes.length === this.#limits.maxBytes) this.#over(`more than ${this.#limits.maxBytes} octets of attributes`);
    throw new PrintError('IPP_TRUNCATED', `IPP message: it ends at byte ${this.#bytes.length}, but ${this.at + length} are needed`);
  }

  #malformed(what: string, at = this.at): never {
    throw new PrintError('IPP_MALFORMED', `IPP message: ${what}, at byte ${at}`);
  }

  #over(what: string): never {
    throw new PrintError('IPP_LIMIT', `IPP message: ${what}`);
  }
}
