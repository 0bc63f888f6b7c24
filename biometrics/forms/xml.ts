/**
 * A strict, small reader of XML for forms from anyone: elements, attributes and text in UTF-8, with the five entities of XML 1.0
 * section 4.6 and character references. No document type, so nothing to expand or fetch; no CDATA; other processing instructions
 * than the declaration are refused. Depth and number of elements are limited. Namespaces are left to the caller.
 */
import { RecordError } from '../errors.ts';
import { MAX_DEPTH, MAX_ENTRIES, MAX_TEXT } from '../limits.ts';

export interface XmlElement {
  name: string;
  attributes: Map<string, string>;
  children: XmlElement[];
  /** All text directly inside. */
  text: string;
  /** Where it begins in the file, in lines from 1. */
  line: number;
}

/** Elements of one file: strokes and the channels of a few dozen contexts. */
export const MAX_ELEMENTS = 16 * MAX_ENTRIES;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Characters of one tag: some texts of a device, each character perhaps as a reference. */
const MAX_TAG = 16 * MAX_TEXT;

const TAG = /^<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/;
const ATTRIBUTE = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** @returns the root. @throws RecordError `RECORD_MALFORMED` with the line, `RECORD_LIMIT` */
export function parseXml(xml: string): XmlElement {
  const source = xml.replace(/^\uFEFF?(<\?xml\s[^<>]*\?>)?/, (declaration) => ' '.repeat(declaration.length));
  const top: XmlElement = { name: '', attributes: new Map(), children: [], text: '', line: 1 };
  const open = [top];
  let [at, line, count] = [0, 1, 0];
  const advance = (to: number): string => {
    const passed = source.slice(at, to);
    line += passed.split('\n').length - 1;
    at = to;
    return passed;
  };
  while (at < source.length) {
    const inside = open.at(-1)!;
    const next = source.indexOf('<', at);
    const text = advance(next === -1 ? source.length : next);
    if (inside === top && text.trim() !== '') throw malformed(line, 'text outside the root element');
    inside.text += unescape(text, line);
    if (next === -1) break;
    if (source.startsWith('<!--', at)) {
      const end = source.indexOf('-->', at + 4);
      if (end === -1) throw malformed(line, 'a comment without an end');
      advance(end + 3);
      continue;
    }
    const [all, closing, name, attributes, empty] = TAG.exec(source.slice(at, at + MAX_TAG)) ?? [];
    if (all === undefined) throw malformed(line, `neither an element of at most ${MAX_TAG} characters nor a comment (a document type is not read)`);
    if (closing !== '') {
      if (open.length === 1 || inside.name !== name || attributes !== '' || empty !== '') throw malformed(line, `</${name}> closes nothing`);
      open.pop();
    } else {
      if (++count > MAX_ELEMENTS || open.length > MAX_DEPTH) throw new RecordError('RECORD_LIMIT', `line ${line}: too many or too deep elements`);
      const element: XmlElement = { name: name!, attributes: attributesOf(attributes!, line), children: [], text: '', line };
      inside.children.push(element);
      if (empty === '') open.push(element);
    }
    advance(at + all.length);
  }
  const [root, ...more] = top.children;
  if (root === undefined || more.length > 0 || open.length > 1) throw malformed(line, 'should be one element, closed');
  return root;
}

function attributesOf(source: string, line: number): Map<string, string> {
  const pairs = [...source.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [name!, unescape(double ?? single!, line)] as const);
  const attributes = new Map(pairs);
  if (attributes.size !== pairs.length) throw malformed(line, 'an attribute twice');
  return attributes;
}

function unescape(text: string, line: number): string {
  return text.replaceAll(/&(?:(#\d{1,7}|#x[\da-fA-F]{1,6}|[a-z]+);)?/g, (_all, name: string | undefined) => {
    const code = name?.startsWith('#x') ? parseInt(name.slice(2), 16) : name?.startsWith('#') ? Number(name.slice(1)) : null;
    const character = code === null ? ENTITIES[name ?? ''] : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (character === undefined) throw malformed(line, 'an entity that is not one of the five');
    return character;
  });
}

/** Text as it may stand between tags and in quoted attributes; characters XML 1.0 has no way to write become U+FFFD. */
export function escapeXml(text: string): string {
  return text.toWellFormed().replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function malformed(line: number, says: string): RecordError {
  return new RecordError('RECORD_MALFORMED', `line ${line}: ${says}`);
}
