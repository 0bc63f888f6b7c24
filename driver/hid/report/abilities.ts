/** What a pen can give, as its report descriptor says: known before anybody uses it. */
import type { ChannelName } from '#biometrics/sample.ts';
import { Switch } from '#biometrics/sample.ts';
import type { PenAbilities } from '../../pens.ts';
import type { ReportDescriptor } from '../descriptor/field.ts';
import { describe } from './channels.ts';
import { mainReport, penReports } from './pen-report.ts';

/** @returns null where no report is a pen's. Of several pen reports, the one that is most likely to come. */
export function penAbilities(descriptor: ReportDescriptor): PenAbilities | null {
  const report = mainReport(penReports(descriptor));
  if (report === null) return null;
  const channels = report.numbers.map((number) => describe(number).channel);
  const channel = (name: ChannelName) => channels.find((one) => one.name === name);
  const span = (name: ChannelName): number => (channel(name)?.logicalMax ?? 0) - (channel(name)?.logicalMin ?? 0);
  const millimetres = (name: 'x' | 'y'): number | null => channel(name)?.perMm ? span(name) / channel(name)!.perMm! : null;
  const [width, height] = [millimetres('x'), millimetres('y')];
  return {
    pressureLevels: channel('pressure') === undefined ? 0 : span('pressure') + 1,
    tilt: anglesOf(channel('tiltX') !== undefined && channel('tiltY') !== undefined, channel('azimuth') !== undefined && channel('altitude') !== undefined),
    twist: channel('twist') !== undefined,
    // a pen that is sent as a mouse moves the pointer before it touches
    inAir: report.tipIsButton || report.switches.some(({ bit }) => bit === Switch.inRange),
    rate: null,
    clock: channel('deviceTime') === undefined ? 'none' : 'device-clock',
    sizeMm: width === null || height === null ? null : { width, height },
  };
}

function anglesOf(tilt: boolean, azimuthAltitude: boolean): PenAbilities['tilt'] {
  if (tilt) return azimuthAltitude ? 'both' : 'tilt';
  return azimuthAltitude ? 'azimuth-altitude' : 'none';
}
