/** The samples of a capture as one table, the common ground of the JSON and CSV forms. Values are raw, as recorded. */
import type { Capture, Channel } from '../capture.ts';
import { CHANNELS, type ChannelName } from '../sample.ts';
import { channelOf } from '../units.ts';

export interface Table {
  channels: { name: string; unit: string; min: number | null; max: number | null }[];
  /** One row per sample in the order of `channels`. A transducer serial is decimal text: it may exceed 2^53. */
  rows: (number | string | null)[][];
}

/** Every channel that occurs in the capture, then transducer serial (if any), switches and marks. */
export function tableOf({ source, samples }: Capture): Table {
  const used = CHANNELS.filter((name) => samples.some((sample) => sample[name] !== null));
  const pens = samples.some(({ transducerSerial }) => transducerSerial !== null);
  const channels = used.map((name) => {
    const channel = channelOf(source, name);
    return { name, unit: rawUnit(name, channel), min: channel?.logicalMin ?? null, max: channel?.logicalMax ?? null };
  });
  const extra = [...(pens ? ['transducerSerial'] : []), 'switches', 'marks'];
  return {
    channels: [...channels, ...extra.map((name) => ({ name, unit: name === 'transducerSerial' ? 'count' : 'bits', min: null, max: null }))],
    rows: samples.map((sample) => [
      ...used.map((name) => sample[name]),
      ...(pens ? [sample.transducerSerial?.toString() ?? null] : []),
      sample.switches,
      sample.marks,
    ]),
  };
}

/** What one raw step is worth: "0.01 deg" where a physical range says so, for the values here are not scaled. */
function rawUnit(name: ChannelName, channel: Channel | null): string {
  if (channel === null) return name === 'hostTime' ? 'ns' : name === 'deviceTime' ? 'tick' : 'count';
  const { unit, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent } = channel;
  if (logicalMin === null || logicalMax === null || physicalMin === null || physicalMax === null) return unit;
  const step = (physicalMax - physicalMin) / (logicalMax - logicalMin) * 10 ** (unitExponent ?? 0);
  if (!Number.isFinite(step) || step === 0) return 'count';
  return step === 1 ? unit : `${Number(step.toPrecision(6))} ${unit}`;
}
