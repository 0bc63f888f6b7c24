/** What an STU pad can and cannot tell: the channels and the limits that go into the record. */
import type { Channel, PenSourceInfo } from '#biometrics/capture.ts';
import { unitsPerMm } from './capability.ts';
import { PenOption } from './models.ts';
import { TURN } from './pad-losses.ts';
import { reportRate, type ProbedPad } from './probe-pad.ts';
import type { InkThreshold } from './stu-session.ts';
import { DRIVER_VERSION, HOST } from '../this-driver.ts';

const MS = 1_000_000;

export function stuSourceInfo(pad: ProbedPad, transport: 'hid' | 'serial', openedAt: string): PenSourceInfo {
  const { attached, information, penOption } = pad;
  return {
    kind: transport === 'hid' ? 'stu-hid' : 'stu-serial',
    instrument: 'pen',
    device: {
      name: attached.name, vendorId: attached.vendorId, productId: attached.productId, serialNumber: attached.serialNumber,
      firmware: information.firmware.join('.'), bus: attached.bus,
    },
    driver: { name: 'countersign stu', version: DRIVER_VERSION },
    host: HOST,
    channels: channelsOf(pad),
    deviceClock: hasClock(penOption) ? { tickNs: MS, wrapsAfter: TURN } : null,
    limits: limitsOf(pad, transport),
    descriptor: null,
    openedAt,
  };
}

function channelsOf({ capability, penOption }: ProbedPad): Channel[] {
  const channel = (name: Channel['name'], unit: string, min: number, max: number | null, perMm: number | null = null): Channel =>
    ({ name, unit, logicalMin: min, logicalMax: max, physicalMin: null, physicalMax: null, unitExponent: null, perMm, rotation: null, derived: false });
  const perMm = unitsPerMm(capability);
  return [
    channel('x', 'count', 0, capability.maxX, perMm),
    channel('y', 'count', 0, capability.maxY, perMm),
    channel('pressure', 'count', 0, capability.maxPressure),
    ...(hasClock(penOption) ? [channel('deviceTime', 'tick', 0, null)] : []),
    channel('hostTime', 'ns', 0, null),
  ];
}

function hasClock(option: PenOption): boolean {
  return option === PenOption.timeCount || option === PenOption.timeCountAndSequence;
}

function limitsOf({ capability, penOption }: ProbedPad, transport: 'hid' | 'serial'): string[] {
  const rate = reportRate(capability, transport);
  const limits = [
    'no tilt and no twist: an STU pad does not measure them',
    `pressure is one of ${(capability.maxPressure + 1).toLocaleString('en')} levels of the pad, not a force`,
    'the pad\'s own switch decides whether the pen touches',
    rate === null ? 'the pad does not say how many reports a second it gives' : `about ${rate} reports a second`,
  ];
  if (unitsPerMm(capability) === null) limits.push('true size in millimetres is not known: this model does not tell its resolution');
  if (!hasClock(penOption)) limits.push('the pad gives no time: times are those of arrival at the host');
  if (penOption === PenOption.none) limits.push('reports are neither numbered nor timed: lost ones are estimated from gaps of arrival while the pen touches');
  if (penOption === PenOption.timeCount) limits.push('reports are not numbered: lost ones are estimated from the pad\'s clock while the pen touches');
  return limits;
}

/** How the pad's own picture of the ink differs from the samples. */
export function thresholdLimit({ on, off }: InkThreshold): string {
  return `the pad draws ink on its screen from pressure ${on} on and until it falls below ${off}: what the signer saw there is not every sample that touched`;
}

/** What encryption between pad and host is worth. @param failure why there is none; null where it was agreed on, or not wanted */
export function encryptionLimit(encryption: 'dh' | 'rsa' | 'off', failure: string | null): string {
  if (failure !== null) return `between pad and host the samples were not encrypted: ${failure}`;
  switch (encryption) {
    case 'off': return 'between pad and host the samples were not encrypted: it was switched off';
    case 'dh': return 'between pad and host the samples were encrypted with a key from a 128-bit Diffie-Hellman exchange, which is no protection; two samples come at a time, with one time of arrival';
    case 'rsa': return 'between pad and host the samples were encrypted (AES-256, RSA-2048) but not authenticated: against listening on the cable only';
  }
}
