/**
 * `countersign verify FILE --against FOLDER`: reads every file of the folder that may hold a sealed record, each in a child process
 * with a deadline, and holds the records against each other (`packet/verify/against.ts`).
 *
 * Links are not followed. What cannot be read is told, since a record may be in it.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareRecords, type Sighting } from '#packet/verify/against.ts';
import { sightedRecordsInChild } from '#packet/verify/in-child.ts';
import type { Finding, VerifyOptions } from '#packet/verify/result.ts';

/** More than one folder of a careful archive holds; above it nothing is checked rather than a part. */
const FILES = 10_000;
/** Bytes: a packet with the largest document. */
const LARGEST = 256 * 1024 * 1024;

/**
 * @param subject the file that is verified; it may lie in the folder too
 * @throws Error where the folder cannot be read or holds more than 10,000 files
 */
export async function findingsAgainst(folder: string, subject: { file: string; bytes: Uint8Array }, key: VerifyOptions['examinerKey']): Promise<Finding[]> {
  const sightings: Sighting[] = [];
  const findings: Finding[] = [];
  const look = async (file: string, read: () => Promise<Uint8Array>): Promise<void> => {
    try {
      const bytes = await read();
      if (mayHoldRecords(bytes)) for (const record of await sightedRecordsInChild(bytes, { examinerKey: key })) sightings.push({ ...record, file });
    } catch (error) {
      findings.push({ code: 'AGAINST_UNREADABLE', severity: 'warning', message: `${file} was not held against the others: ${error instanceof Error ? error.message : String(error)}` });
    }
  };
  await look(subject.file, async () => subject.bytes);
  for (const file of await filesIn(folder)) await look(file, () => readBounded(file));
  return [...compareRecords(sightings), ...findings, compared(sightings)];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length > FILES) throw new Error(`${folder} holds ${files.length} files; at most ${FILES} are compared at once. Name a smaller folder.`);
  return files.toSorted();
}

async function readBounded(file: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size > LARGEST) throw new Error(`it has ${size} bytes, at most ${LARGEST} are read`);
  return new Uint8Array(await readFile(file));
}

/** A PDF, a ZIP, or a DER SEQUENCE by its first bytes. */
function mayHoldRecords(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  return start.startsWith('PK') || start.includes('%PDF-') || start.startsWith('\x30');
}

function compared(sightings: readonly Sighting[]): Finding {
  const records = new Set(sightings.map(({ sha256 }) => sha256)).size;
  const unplaced = sightings.filter(({ place }) => place === null).length;
  return {
    code: 'COMPARED', severity: 'note',
    message: `${records} sealed records were compared.${unplaced === 0 ? '' : ` ${unplaced} times the place in the station's chain is not known: --key, or the record's packet, tells it.`} `
      + 'Whoever holds the station\'s key can keep two chains of which only one is here, sign a record anew or date one back: only a time-stamp or an audit head that left the station earlier shows it.',
  };
}
