/** `countersign doctor`: what this machine has and lacks. Changes nothing. */
import { parseArgs } from 'node:util';
import type { PensSettings } from '#kiosk/station/pens/pen-settings.ts';
import { readSettings } from '#kiosk/station/settings.ts';
import { electronBinary } from './browser/open-window.ts';
import { findBrowser } from './browser/find-browser.ts';
import { askStation } from './control.ts';
import { attachedPens } from './doctor/attached-pens.ts';
import { clock } from './doctor/clock.ts';
import { diskEncryption } from './doctor/disk-encryption.ts';
import type { Finding } from './doctor/finding.ts';
import { keys } from './doctor/keys.ts';
import { seal } from './doctor/seal.ts';
import { nearestFolder } from './doctor/nearest-folder.ts';
import { padTest } from './doctor/pad-test.ts';
import { padChecksums, pads } from './doctor/pads.ts';
import { pens } from './doctor/pens.ts';
import { ports } from './doctor/ports.ts';
import { serialPens } from './doctor/serial-pens.ts';
import { store } from './doctor/store.ts';
import { DEFAULT_PORT, DEFAULT_PRINTER_PORT, homeFolder, portNumber } from './home.ts';

export const help = `countersign doctor: what this machine has and lacks, and what to do about it

  --home FOLDER   the data folder to look at (COUNTERSIGN_HOME; default ~/.countersign)
  --json          [{id,state,detail,advice}]; state is ok, warning, missing or unknown
  --pad-test      nothing but a test picture on the attached signature pad, and what to look for

Exit codes: 0 a station can run here, 1 something needed is missing, 2 could not look.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { home: { type: 'string' }, json: { type: 'boolean', default: false }, 'pad-test': { type: 'boolean', default: false } } });
  const home = homeFolder(values.home);
  if (values['pad-test']) return padTest(home);
  const findings: Finding[] = [
    { id: 'node', state: 'ok', detail: `${process.versions.node}, brought by the project`, advice: '' },
    { id: 'home', state: 'ok', detail: home, advice: '' },
    ...await penFindings(home), browser(), electron(),
    ...await ports(home, { port: portNumber(undefined, 'COUNTERSIGN_PORT', DEFAULT_PORT), 'printer-port': portNumber(undefined, 'COUNTERSIGN_PRINTER_PORT', DEFAULT_PRINTER_PORT) }),
    clock(), diskEncryption(nearestFolder(home)), await keys(home), ...seal(home), ...await store(home),
  ];
  process.stdout.write(values.json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(describe).join(''));
  return findings.some(({ state }) => state === 'missing') ? 1 : 0;
}

/** Pads are asked for their checksum first: the pen process would hold their ports. */
async function penFindings(home: string): Promise<Finding[]> {
  const settings = settingsOf(home);
  const station = await askStation(home, { command: 'status' }).catch(() => null);
  const checksums = settings === null || station !== null ? [] : await padChecksums(settings);
  const attached = await attachedPens(home);
  return [pens(attached), pads(attached), ...checksums, ...settings === null ? [] : [await serialPens(settings)]];
}

/** Null where they cannot be read; the check of pens says why. */
function settingsOf(home: string): PensSettings | null {
  try {
    return readSettings(home).pens;
  } catch {
    return null;
  }
}

function browser(): Finding {
  const path = findBrowser();
  return path === null
    ? { id: 'browser', state: 'warning', detail: 'no Chromium, Chrome or Edge was found', advice: 'Install one, or open the guest screen in a browser on another tablet.' }
    : { id: 'browser', state: 'ok', detail: path, advice: '' };
}

function electron(): Finding {
  const path = electronBinary();
  return path === null
    ? { id: 'electron', state: 'warning', detail: 'its binary is not here', advice: 'The guest screen opens in the browser instead. To fetch it: npx install-electron' }
    : { id: 'electron', state: 'ok', detail: path, advice: '' };
}

const MARKS: Record<Finding['state'], string> = { ok: 'ok     ', warning: 'warning', missing: 'MISSING', unknown: 'unknown' };

function describe({ id, state, detail, advice }: Finding): string {
  return `${MARKS[state]}  ${id.padEnd(16)} ${detail}\n${advice === '' ? '' : `${' '.repeat(26)}${advice}\n`}`;
}
