/**
 * Signature pads: which are attached, and what about them only a physical one can settle (docs/pens.md): what the checksum of
 * serial frames begins with, which a pad's own frames tell; and how it reads pictures, which a person has to look at (`pad-test.ts`).
 */
import type { AttachedPen } from '#driver/index.ts';
import { STU_SERIAL, crcInitialSeen } from '#driver/stu/serial-stu-link.ts';
import { openSerial } from '#driver/serial/open-serial.ts';
import type { PensSettings } from '#kiosk/station/pens/pen-settings.ts';
import { isPad, penBrief } from '../pens/describe-pen.ts';
import { printable } from '../pens/printable.ts';
import type { Finding } from './finding.ts';

const TEST = 'Look whether its pictures are right, once per model: npx countersign doctor --pad-test';

/** @param attached what there is, or why that is not known */
export function pads(attached: readonly AttachedPen[] | string): Finding {
  const id = 'pads';
  if (typeof attached === 'string') return { id, state: 'unknown', detail: 'could not be looked for', advice: '' };
  const found = attached.filter(isPad);
  if (found.length === 0) return { id, state: 'ok', detail: 'no signature pad is attached', advice: '' };
  const problem = found.find((pad) => pad.problem !== null)?.problem ?? null;
  const detail = found.map((pad) => (pad.problem === null ? printable(penBrief(pad)) : `${printable(pad.name)} is not read: ${pad.problem.message}`)).join('; ');
  return problem === null ? { id, state: 'ok', detail, advice: TEST } : { id, state: 'warning', detail, advice: problem.advice };
}

/** One finding for each pad on a serial port that the settings name. To be asked while nothing else has the port open. */
export async function padChecksums({ serial, stu }: PensSettings): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { path, protocol, baudRate } of serial) if (protocol === 'stu') findings.push(await padChecksum(path, baudRate, stu.crcInitial ?? 0));
  return findings;
}

async function padChecksum(path: string, baudRate: number | undefined, crcInitial: 0 | 0xffff): Promise<Finding> {
  const id = 'pad-checksum';
  try {
    const link = await openSerial(path, { ...STU_SERIAL, baudRate: baudRate ?? STU_SERIAL.baudRate });
    const seen = await crcInitialSeen(link, crcInitial).finally(() => link.close());
    if (seen === null) return { id, state: 'unknown', detail: `the pad on ${path} sent nothing with a checksum`, advice: 'Switch it on, and check the cable, the path and the baud rate in station.json.' };
    if (seen === crcInitial) return { id, state: 'ok', detail: `checksums of the pad on ${path} begin with ${seen}, as set`, advice: '' };
    return { id, state: 'warning', detail: `checksums of the pad on ${path} begin with ${seen}, and ${crcInitial} is set`, advice: `Write into station.json: "pens": { "stu": { "crcInitial": ${seen} } }` };
  } catch (error) {
    return { id, state: 'unknown', detail: (error as Error).message, advice: 'Plug the pad in, or take the port out of station.json.' };
  }
}
