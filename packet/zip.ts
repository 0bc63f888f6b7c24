/**
 * The ZIP layer of a packet (PKWARE APPNOTE 6.3), written with fflate, read by hand and with limits.
 *
 * Written: every file stored, in the order given, no extra fields, no comments, one fixed date. The bytes are a
 * function of names and contents, so `verify` can rebuild them and see a change in any header.
 * Read: bytes from anywhere. Sizes in headers are claims: nothing is unpacked past them or past the limits,
 * entries may not overlap, and local and central headers must agree.
 *
 * It does not protect from a changed content: CRC-32 is no digest. That is the manifest's task.
 */
import { inflateSync, zipSync, type Zippable } from 'fflate';
import { PacketError } from './errors.ts';

/** Limits for reading. A packet holds one PDF of at most 200 MB and a handful of small files; each later version one more of each. */
export const ZIP_LIMITS = { files: 96, bytes: 512 * 1024 * 1024, nameLength: 128 } as const;

/** The first date ZIP can say. fflate writes local time, so it is given as local time. */
const DATE = new Date(1980, 0, 1);

export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const [name, bytes] of files) entries[name] = [bytes, { level: 0, mtime: DATE }];
  return zipSync(entries);
}

/**
 * @returns the files by name, in the order of the central directory.
 * @throws PacketError CONTAINER_MALFORMED, or CONTAINER_LIMIT above one of `ZIP_LIMITS`.
 */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const entries = readDirectory(view, end);
  refuseOverlap(entries, end.directory);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (files.has(entry.name)) throw malformed(`it holds two files named ${entry.name}`);
    files.set(entry.name, unpack(bytes, entry));
  }
  return files;
}

/** True if the bytes begin as a ZIP file does. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

interface Entry { name: string; method: number; crc: number; packed: number; size: number; header: number; data: number }
interface End { files: number; directory: number; offset: number }

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;

/** The end record must be the last thing in the file, its comment included: what follows would be read by nobody. */
function findEnd(view: DataView): End {
  const lowest = Math.max(0, view.byteLength - END_LENGTH - 0xffff);
  for (let offset = view.byteLength - END_LENGTH; offset >= lowest; offset--) {
    if (view.getUint32(offset, true) !== END) continue;
    if (offset + END_LENGTH + view.getUint16(offset + 20, true) !== view.byteLength) continue;
    const files = view.getUint16(offset + 10, true);
    const length = view.getUint32(offset + 12, true);
    const directory = view.getUint32(offset + 16, true);
    if (view.getUint16(offset + 4, true) !== 0 || view.getUint16(offset + 8, true) !== files) throw malformed('it is one part of several');
    if (directory + length !== offset) throw malformed('its directory is not where its end record says');
    if (files > ZIP_LIMITS.files) throw limit(`it holds ${files} files, more than ${ZIP_LIMITS.files}`);
    return { files, directory, offset };
  }
  throw malformed('it has no end record');
}

function readDirectory(view: DataView, end: End): Entry[] {
  const entries: Entry[] = [];
  let offset = end.directory;
  let total = 0;
  for (let index = 0; index < end.files; index++) {
    if (offset + 46 > end.offset || view.getUint32(offset, true) !== CENTRAL) throw malformed('its directory is broken');
    const nameLength = view.getUint16(offset + 28, true);
    const next = offset + 46 + nameLength + view.getUint16(offset + 30, true) + view.getUint16(offset + 32, true);
    if (next > end.offset) throw malformed('its directory is broken');
    const entry = {
      name: readName(view, offset + 46, nameLength),
      method: view.getUint16(offset + 10, true),
      crc: view.getUint32(offset + 16, true),
      packed: view.getUint32(offset + 20, true),
      size: view.getUint32(offset + 24, true),
      header: view.getUint32(offset + 42, true),
    };
    total += entry.size;
    if (total > ZIP_LIMITS.bytes) throw limit(`its files would take more than ${ZIP_LIMITS.bytes} bytes`);
    entries.push({ ...entry, data: dataStart(view, entry, view.getUint16(offset + 8, true), end.directory) });
    offset = next;
  }
  if (offset !== end.offset) throw malformed('its directory holds more than it says');
  return entries;
}

/** Where the entry's bytes begin, once its local header is seen to say the same as the directory. */
function dataStart(view: DataView, entry: Omit<Entry, 'data'>, flags: number, directory: number): number {
  const { header, name } = entry;
  if (header + 30 > directory || view.getUint32(header, true) !== LOCAL) throw malformed(`${name} is not where its directory says`);
  const nameLength = view.getUint16(header + 26, true);
  const data = header + 30 + nameLength + view.getUint16(header + 28, true);
  if (data + entry.packed > directory) throw malformed(`${name} reaches beyond the files`);
  const streamed = (flags & 0x08) !== 0;
  const agrees = (at: number, value: number) => view.getUint32(header + at, true) === (streamed ? 0 : value);
  if (
    view.getUint16(header + 6, true) !== flags || view.getUint16(header + 8, true) !== entry.method
    || !agrees(14, entry.crc) || !agrees(18, entry.packed) || !agrees(22, entry.size)
    || readName(view, header + 30, nameLength) !== name
  ) throw malformed(`${name} is described in two ways`);
  if ((flags & 0x01) !== 0) throw malformed(`${name} is encrypted`);
  return data;
}

/** Only names that no unpacking program could take out of its folder, or take for another name. */
function readName(view: DataView, offset: number, length: number): string {
  if (length > ZIP_LIMITS.nameLength) throw limit(`a file name has more than ${ZIP_LIMITS.nameLength} bytes`);
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + offset, length));
  const safe = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(name) && !name.split('/').some((part) => /^\.+$/.test(part));
  if (!safe) throw malformed(`it holds a file with the name ${JSON.stringify(name)}`);
  return name;
}

/** Overlapping entries are how a small file unpacks to a huge one, and how one byte gets two meanings. */
function refuseOverlap(entries: readonly Entry[], directory: number): void {
  const ordered = [...entries].sort((a, b) => a.header - b.header);
  ordered.forEach((entry, index) => {
    if (entry.data + entry.packed > (ordered[index + 1]?.header ?? directory)) throw malformed(`${entry.name} overlaps the file after it`);
  });
}

function unpack(bytes: Uint8Array, { name, method, crc, packed, size, data }: Entry): Uint8Array {
  const source = bytes.subarray(data, data + packed);
  const content = method === 0 ? source : method === 8 ? inflate(source, name, size) : null;
  if (content === null) throw malformed(`${name} is packed by a method other than stored and deflate`);
  if (content.length !== size || crc32(content) !== crc) throw malformed(`${name} does not have the size or the checksum its header says`);
  return content;
}

/** One byte of room above the size claimed, so that more than was claimed is seen; never more than that is written. */
function inflate(source: Uint8Array, name: string, size: number): Uint8Array {
  try {
    return inflateSync(source, { out: new Uint8Array(size + 1) });
  } catch (error) {
    throw malformed(`${name} does not unpack`, error);
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function malformed(what: string, cause?: unknown): PacketError {
  return new PacketError('CONTAINER_MALFORMED', `This packet cannot be read: ${what}. It was damaged or is not a Countersign packet.`, { cause });
}

function limit(what: string): PacketError {
  return new PacketError('CONTAINER_LIMIT', `This packet is not unpacked: ${what}.`);
}
