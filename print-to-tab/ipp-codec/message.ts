/**
 * An IPP request or response without its document (RFC 8010 section 3.1), and how to look into it.
 */
import type { Attribute, StringKind } from './value.ts';

export interface Version { major: number; minor: number }

export interface Group {
  /** Delimiter tag, 1 … 15 without 3; the common ones are in `GROUP`. */
  tag: number;
  attributes: Attribute[];
}

export interface Message {
  version: Version;
  /** Operation of a request, status of a response; 0 … 65535. */
  code: number;
  /** -2^31 … 2^31-1; a request with less than 1 is refused. */
  requestId: number;
  groups: Group[];
}

/** Attributes of the first group with this tag; empty where there is none. */
export function groupOf(message: Message, tag: number): Attribute[] {
  return message.groups.find((group) => group.tag === tag)?.attributes ?? [];
}

export function find(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.find((attribute) => attribute.name === name);
}

/** All string values of an attribute of one of these kinds; empty where it is missing or of another kind. */
export function stringsOf(attributes: readonly Attribute[], name: string, ...kinds: StringKind[]): string[] {
  const strings: string[] = [];
  for (const value of find(attributes, name)?.values ?? []) {
    if ('value' in value && typeof value.value === 'string' && kinds.includes(value.type as StringKind)) strings.push(value.value);
  }
  return strings;
}

/** The first string value, or null. */
export function stringOf(attributes: readonly Attribute[], name: string, ...kinds: StringKind[]): string | null {
  return stringsOf(attributes, name, ...kinds)[0] ?? null;
}

/** The first integer or enum value, or null. */
export function integerOf(attributes: readonly Attribute[], name: string): number | null {
  const value = find(attributes, name)?.values[0];
  return value?.type === 'integer' || value?.type === 'enum' ? value.value : null;
}

/** The first boolean value, or null. */
export function booleanOf(attributes: readonly Attribute[], name: string): boolean | null {
  const value = find(attributes, name)?.values[0];
  return value?.type === 'boolean' ? value.value : null;
}
