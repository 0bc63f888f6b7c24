/**
 * Where a key lies in a PKCS#11 token, as a URI (RFC 7512):
 *
 *   pkcs11:token=hotel;object=seal?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin
 *
 * A PIN in the URI itself (`pin-value`) is refused: it would stand in the shell's history and in the list of processes.
 */
import { KeyError } from '../errors.ts';

export interface Pkcs11Place {
  modulePath: string;
  /** Label and serial number of the token, and the key's label (CKA_LABEL) and id (CKA_ID); what is null is not looked at. */
  token: string | null;
  serial: string | null;
  object: string | null;
  id: Buffer | null;
  /** A file whose first line is the PIN. */
  pinFile: string | null;
}

/** @throws KeyError `KEY_REFERENCE_INVALID` */
export function readPkcs11Uri(uri: string): Pkcs11Place {
  const [, path, query = ''] = /^pkcs11:([^?]*)(?:\?(.*))?$/.exec(uri) ?? [];
  if (path === undefined) throw invalid('it does not begin with pkcs11:');
  const attributes = new Map([...pairs(path, ';'), ...pairs(query, '&')]);
  const take = (name: string): string | null => {
    const value = attributes.get(name) ?? null;
    attributes.delete(name);
    return value;
  };
  if (attributes.has('pin-value')) throw invalid('a PIN must not stand in it, where others see it. Put the PIN into a file: pin-source=file:FILE');
  const text = (name: string): string | null => decoded(take(name), name)?.toString('utf8') ?? null;
  const place: Pkcs11Place = {
    modulePath: text('module-path') ?? '', token: text('token'), serial: text('serial'), object: text('object'), id: decoded(take('id'), 'id'),
    pinFile: text('pin-source')?.replace(/^file:/, '') ?? null,
  };
  const type = take('type') ?? 'private';
  if (type !== 'private') throw invalid(`type=${type} is no private key`);
  // a token must not be chosen by half of what somebody asked for
  const [unknown] = attributes.keys();
  if (unknown !== undefined) throw invalid(`"${unknown}" is not known here`);
  if (place.modulePath === '') throw invalid('it does not name the library: ?module-path=FILE');
  if (place.object === null && place.id === null) throw invalid('it does not name the key: object=LABEL or id=%01%02');
  return place;
}

function pairs(text: string, separator: string): [string, string][] {
  return text.split(separator).filter((part) => part !== '').map((part) => {
    const at = part.indexOf('=');
    if (at < 1) throw invalid('a part of it is not NAME=VALUE');
    return [part.slice(0, at), part.slice(at + 1)];
  });
}

/** Percent-encoding, of bytes as well. */
function decoded(value: string | null, name: string): Buffer | null {
  if (value === null) return null;
  if (value === '' || /%(?![0-9a-f]{2})/i.test(value)) throw invalid(`${name} has no value that can be read`);
  const bytes: number[] = [];
  for (const part of value.split(/(%[0-9a-f]{2})/i)) bytes.push(...(part.startsWith('%') ? [Number.parseInt(part.slice(1), 16)] : Buffer.from(part)));
  return Buffer.from(bytes);
}

/** The URI is not repeated: somebody may have put a PIN into it. */
function invalid(why: string): KeyError {
  return new KeyError('KEY_REFERENCE_INVALID', `This PKCS#11 URI cannot be taken: ${why}. Expected pkcs11:token=TOKEN;object=KEY?module-path=LIBRARY&pin-source=file:FILE`);
}
