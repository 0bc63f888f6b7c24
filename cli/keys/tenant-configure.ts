/** `countersign keys tenant configure`: the next edition of what the administrator decides for all stations. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readCertificate } from '#keys/index.ts';
import { configure, readExaminerFiles, type ConfigurationChanges, type PenDemands } from '#keys/tenant/index.ts';
import { forShell, open, OPTIONS, print } from './tenant-command.ts';

export async function configureTenant(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      ...OPTIONS, examiner: { type: 'string', multiple: true }, custody: { type: 'string' }, 'store-key': { type: 'string' },
      'trust-timestamps': { type: 'string', multiple: true }, 'trust-documents': { type: 'string', multiple: true }, 'pen-minimum': { type: 'string' }, tsa: { type: 'string' },
    },
  });
  const { tenant, unlock } = await open(values);
  const after = await configure(tenant, {
    ...given('examiners', values.examiner?.map((path) => naming(path, readExaminerFiles))),
    ...given('custody', custodyOf(values.custody)),
    ...given('storePublicKey', bytesOf(values['store-key'])),
    ...given('trustTimeStamps', certificatesOf(values['trust-timestamps'])),
    ...given('trustDocuments', certificatesOf(values['trust-documents'])),
    ...given('penMinimum', values['pen-minimum'] === undefined ? undefined : penDemands(values['pen-minimum'])),
    ...given('timeStampAuthority', values.tsa === 'none' ? null : values.tsa),
  }, unlock);
  const { paper, path } = after.configuration;
  print(values.json, { configuration: path, number: paper.number, custody: paper.custody, examiners: paper.examiners.map(({ name, custody }) => ({ name, custody })), penMinimum: paper.penMinimum, timeStampAuthority: paper.timeStamping?.authority ?? null }, `Configuration  ${path}, number ${paper.number}
${paper.examiners.map(({ name, custody }) => `Examiner       ${name}, ${custody === null ? 'key not known to be split' : `key split: any ${custody.threshold} of ${custody.shares} open it`}\n`).join('')}Custody        ${paper.custody === 'split' ? 'split: every examiner\'s key must be a split one' : 'any: whole keys are taken too'}
Time-stamps    ${count(paper.trust.timeStamps.length)} trusted; ${paper.timeStamping === undefined ? 'no authority is asked at Done' : `at Done, ${paper.timeStamping.authority} is asked`}
Pens           ${paper.penMinimum === null ? 'as each station is set' : JSON.stringify(paper.penMinimum)}

Compare each examiner's SHA-256 with the custodian, by telephone or in person, before a station has it: countersign keys
examiner list. New tablets get this configuration when they are enrolled (countersign keys tenant enrol REQUEST). At every
station that is enrolled already:

  countersign keys station configure ${forShell(path)}
`);
  return 0;
}

function given<K extends keyof ConfigurationChanges>(name: K, value: ConfigurationChanges[K] | undefined): Pick<ConfigurationChanges, K> | object {
  return value === undefined ? {} : { [name]: value };
}

function custodyOf(value: string | undefined): 'any' | 'split' | undefined {
  if (value !== undefined && value !== 'any' && value !== 'split') throw new Error(`--custody ${value}: there is split (every examiner's key must be split) and any`);
  return value;
}

/** `none` empties the list. */
function certificatesOf(paths: string[] | undefined): Uint8Array[] | undefined {
  return paths?.filter((path) => path !== 'none').map((path) => naming(path, () => readCertificate(readFileSync(path))));
}

/** Several files may be given; which one is wrong is said. */
function naming<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
}

function bytesOf(path: string | undefined): Uint8Array | undefined {
  return path === undefined ? undefined : new Uint8Array(readFileSync(path));
}

/** As in `raw,pressure=1024,tilt`; what is not named is not asked for. `station` leaves it to each station. */
export function penDemands(text: string): PenDemands | null {
  if (text === 'station') return null;
  const demands: PenDemands = { raw: false, pressure: null, tilt: false, inAir: false, deviceClock: false };
  for (const word of text.split(',')) {
    const levels = /^pressure=([1-9]\d{0,4})$/.exec(word)?.[1];
    if (levels !== undefined && Number(levels) <= 65_536) demands.pressure = Number(levels);
    else if (word === 'raw' || word === 'tilt' || word === 'inAir' || word === 'deviceClock') demands[word] = true;
    else throw new Error(`--pen-minimum ${text}: "${word}" is none of raw, pressure=LEVELS, tilt, inAir, deviceClock, and "station" stands alone`);
  }
  return demands;
}

function count(certificates: number): string {
  return certificates === 1 ? '1 certificate' : `${certificates} certificates`;
}
