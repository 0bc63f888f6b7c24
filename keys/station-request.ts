/**
 * The first step of enrolment: a station makes its keys and asks for certificates.
 *
 * After it: the tenant's administrator compares the fingerprint with the station's screen and signs an enrolment
 * (`keys/tenant`), which `station-enrolment.ts` installs. The private keys never leave this folder.
 * The request proves possession of both keys (PKCS#10 is signed by each) and no more: who stands behind it is what the
 * comparison of fingerprints is for.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AT_REST_KEY_LENGTH } from './at-rest-key.ts';
import { KeyError } from './errors.ts';
import { flushFolder, makePrivateFolder, writePrivateFile } from './file-secret-store.ts';
import { fingerprint } from './fingerprint.ts';
import { makeKeyPair, privateKeyPem } from './key-pair.ts';
import { makeCertificateRequest } from './request.ts';
import { dropReplacedKeys, GENERATION, generationFolder, generationsOf, KEY_FOLDER, kindOfKeys, refuseExaminerKeys, type Generation } from './station-folder.ts';
import type { PendingRequest } from './station-keys.ts';
import type { EnrolmentRequest, StationName } from './tenant/documents.ts';
import { checkedLabel, stationSubject, type StationUse } from './tenant/names.ts';
import { readPaper } from './tenant/paper.ts';

/**
 * Makes device and seal key (and, the first time, the at-rest key) and a request for their certificates. On an enrolled
 * folder the new ones lie beside those in force, which stay so until the new enrolment is installed. A request that is
 * still unanswered is given again instead.
 * @throws KeyError `KEYS_ARE_DEMO`, `KEYS_OF_ANOTHER_STATION`, `EXAMINER_KEY_HERE`, `NAME_INVALID`, `PAPER_MALFORMED`, `SECRET_STORE`
 */
export async function requestEnrolment(home: string, name: StationName): Promise<PendingRequest & { bytes: Uint8Array; renewal: boolean }> {
  checkRequest(home, name);
  const folder = join(home, 'keys');
  if (kindOfKeys(folder) === 'none') {
    const unfinished = `${folder}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    makePrivateFolder(unfinished);
    writePrivateFile(join(unfinished, KEY_FOLDER.atRest), randomBytes(AT_REST_KEY_LENGTH));
    await makeGeneration(unfinished, 1, name);
    renameSync(unfinished, folder);
    flushFolder(home);
  }
  const { inForce, pending } = generationsOf(folder);
  const request = readRequest(pending ?? await renew(folder, inForce, name));
  return { path: request.path, bytes: request.bytes, fingerprint: request.fingerprint, renewal: inForce !== null };
}

/**
 * Whether that station may ask on this data folder; nothing is changed.
 * @throws KeyError `KEYS_ARE_DEMO`, `KEYS_OF_ANOTHER_STATION`, `EXAMINER_KEY_HERE`, `NAME_INVALID`
 */
export function checkRequest(home: string, name: StationName): void {
  for (const part of ['tenant', 'site', 'station'] as const) checkedLabel(name[part], part);
  const folder = join(home, 'keys');
  refuseExaminerKeys(folder);
  refuseDemo(home, folder);
  if (kindOfKeys(folder) === 'none') return;
  const { inForce, pending } = generationsOf(folder);
  for (const generation of [inForce, pending]) {
    if (generation === null) continue;
    const { paper: { station }, path } = readRequest(generation);
    if (!sameStation(station, name)) throw anotherStation(station, path);
  }
}

/** What a generation asked for. @throws KeyError `KEYS_INCOMPLETE`, `PAPER_MALFORMED` */
export function readRequest({ folder }: Generation): PendingRequest & { bytes: Uint8Array; paper: EnrolmentRequest } {
  const path = join(folder, GENERATION.request);
  if (!existsSync(path)) throw new KeyError('KEYS_INCOMPLETE', `${path} is missing. Restore the key folder from its backup.`);
  const bytes = new Uint8Array(readFileSync(path));
  return { path, bytes, fingerprint: fingerprint(bytes), paper: readPaper('countersign enrolment request', bytes) };
}

export function sameStation(a: StationName, b: StationName): boolean {
  return a.tenant === b.tenant && a.site === b.site && a.station === b.station;
}

export function anotherStation({ tenant, site, station }: StationName, path: string): KeyError {
  return new KeyError('KEYS_OF_ANOTHER_STATION', `${path} is of ${station} at ${site} of ${tenant}. Use the data folder of this station, or a new one.`);
}

/** A demonstration's keys are under an authority of nobody, and its chain of records has demo records in it. */
function refuseDemo(home: string, folder: string): void {
  const kind = kindOfKeys(folder);
  if (kind === 'demo') throw new KeyError('KEYS_ARE_DEMO', `${home} is the data folder of a demonstration: its keys and its chain of records are demo and stay so. Name a new data folder with --home.`);
  if (kind === 'none' && existsSync(join(home, 'station.db'))) {
    throw new KeyError('KEYS_ARE_DEMO', `A station has run on ${home} already, and its keys are gone: its chain of records cannot go on under new ones. Name a new data folder with --home.`);
  }
}

async function renew(folder: string, inForce: Generation | null, name: StationName): Promise<Generation> {
  dropReplacedKeys(folder);
  return makeGeneration(folder, (inForce?.number ?? 0) + 1, name);
}

async function makeGeneration(folder: string, number: number, name: StationName): Promise<Generation> {
  const final = generationFolder(folder, number);
  const unfinished = `${final}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateFolder(unfinished);
  const ask = async (use: StationUse, keyFile: string): Promise<string> => {
    const keys = await makeKeyPair('p256');
    writePrivateFile(join(unfinished, keyFile), Buffer.from(privateKeyPem(keys.privateKey)));
    return Buffer.from(await makeCertificateRequest(stationSubject(name, use), keys)).toString('base64');
  };
  const request: EnrolmentRequest = {
    kind: 'countersign enrolment request', version: 1, station: { tenant: name.tenant, site: name.site, station: name.station },
    device: await ask('device', GENERATION.deviceKey), seal: await ask('seal', GENERATION.sealKey),
  };
  writePrivateFile(join(unfinished, GENERATION.request), Buffer.from(`${JSON.stringify(request, null, 2)}\n`));
  renameSync(unfinished, final);
  flushFolder(folder);
  return { number, folder: final };
}
