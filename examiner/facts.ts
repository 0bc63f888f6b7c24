/** What stands beside a replay: the facts an examiner needs before looking at the ink, as label and value. Runs in browsers. */
import type { RecordContext } from '#biometrics/context.ts';
import { channelOf } from '#biometrics/units.ts';
import type { OpenedPacket } from './open-packet.ts';
import type { Replay } from './replay.ts';

export interface Fact { label: string; value: string; /** `code`: a hash, to be set in fixed width. */ kind: 'text' | 'code' | 'warning' }

const text = (label: string, value: string): Fact => ({ label, value, kind: 'text' });
const code = (label: string, value: string): Fact => ({ label, value, kind: 'code' });
const warning = (label: string, value: string): Fact => ({ label, value, kind: 'warning' });

export const DEMO_MARK = 'DEMO, not evidence';

/** In the order of reading: what was signed, where and when, with what, and how far that can be relied on. */
export function factsOf({ record, field }: OpenedPacket, replay: Replay): Fact[] {
  const { context, capture } = record;
  const { source, losses, complete } = capture;
  return [
    ...(context.demo ? [warning('Status', DEMO_MARK)] : []),
    code('Document, SHA-256', context.document.sha256),
    text('Document, length', `${context.document.length.toLocaleString('en-GB')} bytes`),
    text('Field', `${field}, page ${context.field.page + 1}`),
    text('Signed', `${context.time.signedAt} (${context.time.source} clock${synchronised(context.time.synchronised)})`),
    text('Station', `${context.station.id} at ${context.site}, ${context.tenant}; ${context.station.software}`),
    text('Consent', `version ${context.consent.version}, ${context.consent.language}, given ${context.consent.agreedAt}`),
    code('Consent text, SHA-256', context.consent.sha256),
    text('Attempts', `${context.attempts}, ink cleared ${context.clears} times`),
    ...accepted(context.acceptance),
    text('Record', `number ${context.chain.number} of this station; request ${context.requestId}`),
    text('Device', `${source.device.name} (${source.kind}, ${source.instrument}); ${source.driver.name} ${source.driver.version}`),
    text('Captured', captured(replay, capture.samples.length)),
    text('Pressure', pressureLevels(channelOf(source, 'pressure'))),
    ...source.limits.map((limit) => warning('Limit', limit)),
    ...(losses.method === 'unknown' ? [warning('Losses', 'nothing on this path could notice a lost report')] : [text('Losses', `${losses.count}, by ${losses.method}`)]),
    ...Object.entries(capture.anomalies).filter(([, count]) => count > 0).map(([name, count]) => warning('Odd', `${name}: ${count}`)),
    ...(complete ? [] : [warning('Incomplete', 'the device or the browser was lost before Done')]),
  ];
}

/** A finger has to make a signature that is fit, as a pen has. */
const EXCEPTIONS = {
  mark: 'as a mark, such as a cross, whatever the station’s policy would have said',
  assisted: 'written with a hand that was helped, whatever the station’s policy would have said',
  finger: 'written with a finger in the place of a pen',
} as const;

function accepted(acceptance: RecordContext['acceptance']): Fact[] {
  if (acceptance === null) return [];
  const { refusals, exception } = acceptance;
  return [
    ...(refusals.length === 0 ? [] : [text('Refused before', refusals.join(', '))]),
    exception === null ? text('Accepted', 'by the station’s policy') : warning('Accepted', `by ${exception.by}, ${EXCEPTIONS[exception.reason]}`),
  ];
}

function synchronised(known: boolean | null): string {
  return known === null ? ', not known to be synchronised' : known ? ', synchronised' : ', not synchronised';
}

function captured({ duration, clock, strokes }: Replay, samples: number): string {
  const rate = duration === 0 ? '' : `, ${Math.round(samples / duration)} a second`;
  return `${samples} samples in ${duration.toFixed(2)} s by the ${clock} clock${rate}; ${strokes.length} ${strokes.length === 1 ? 'stroke' : 'strokes'}`;
}

function pressureLevels(channel: { logicalMin: number | null; logicalMax: number | null } | null): string {
  if (channel === null) return 'none given by this device; widths are drawn from speed';
  if (channel.logicalMin === null || channel.logicalMax === null) return 'levels, range not stated by the device; no force';
  return `${channel.logicalMin} to ${channel.logicalMax} as the device counts; levels, not newtons`;
}
