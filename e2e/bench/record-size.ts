/**
 * Bytes per sample of the record's seven-channel section, beside the same samples as text (the rows in which signature databases
 * publish them: x y time tip azimuth altitude pressure), as InkML and as ISO/IEC 19794-7, each also under `xz -9e`. Host clock, raw reports and
 * context are counted apart: the other forms do not carry them, or only a part.
 */
import { execFileSync } from 'node:child_process';
import { captureToJson } from '#biometrics/capture-json.ts';
import type { Capture } from '#biometrics/capture.ts';
import { toInkMl } from '#biometrics/forms/inkml.ts';
import { toIso19794 } from '#biometrics/forms/iso19794-7.ts';
import { encodeRecord, recordSizes, type RecordSizes } from '#biometrics/record.ts';
import { isDown } from '#biometrics/sample.ts';
import { benchContext } from './bench-context.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { findPeer } from './peer-program.ts';
import { computedSignature, realPens } from './seven-channels.ts';

export async function recordSize(tell: Tell): Promise<Measurement[]> {
  const xz = findPeer('xz', 'xz-utils', tell);
  const computed = computedSignature();
  const real = realPens();
  tell(`  bytes per sample of a computed signature of ${computed.samples.length} samples`
    + (real === null ? '; real pens: ../shared is not there' : ` and of ${real.length} real pens trying tablets out`));
  return [...sizesOf('computed signature', [computed], xz), ...(real === null ? [] : sizesOf('real pens', real, xz))];
}

/** @param captures of one kind, added up; each is packed by itself, in every form */
function sizesOf(what: string, captures: readonly Capture[], xz: string | null): Measurement[] {
  const sizes = captures.map((capture) => recordSizes(encodeRecord(capture, benchContext)));
  const total = (part: keyof RecordSizes): number => sizes.reduce((sum, size) => sum + size[part], 0);
  const samples = total('samples');
  const beside = (name: string, ours: number, peers: [string, (capture: Capture) => Uint8Array][]): Measurement[] => peers.flatMap(([peer, write]) => {
    const files = captures.map(write);
    const line = (peerName: string, packed: readonly Uint8Array[]): Measurement => measurement(`${name}, ${what}`, ours / samples, 'B/sample', {
      name: peerName, value: packed.reduce((sum, { length }) => sum + length, 0) / samples,
    });
    return [line(peer, files), ...(xz === null ? [] : [line(`${peer}, xz -9e`, files.map((input) => execFileSync(xz, ['-9e', '-c'], { input })))])];
  });
  const pen = total('pen');
  const [host, other, reports, rest] = [total('host'), total('other'), total('reports'), total('rest')];
  return [
    ...beside('seven channels', pen, [
      ['source text', rows],
      ['InkML (with an excerpt of the context)', (capture) => toInkMl(sevenChannels(capture), benchContext).bytes],
      ['ISO/IEC 19794-7:2007', (capture) => toIso19794(sevenChannels(capture)).bytes],
    ]),
    ...beside('host clock', host, [['as text', ({ samples: all }) => text(all.map(({ hostTime }) => hostTime).join('\n'))]]),
    ...beside('raw reports', reports, [['the bytes of the reports', ({ reports: all }) => Buffer.concat((all ?? []).map(({ bytes }) => bytes))]]),
    measurement(`switches, marks and other channels, ${what}`, other / samples, 'B/sample'),
    measurement(`context and source, ${what}`, rest / captures.length, 'B/record'),
    ...beside('whole record', pen + host + other + reports + rest, [['JSON', (capture) => text(`${captureToJson(capture)}${JSON.stringify(benchContext)}`)]]),
  ];
}

/** What the seven-channel section holds, for forms that would carry more. */
function sevenChannels(capture: Capture): Capture {
  const none = { z: null, tangentialPressure: null, tiltX: null, tiltY: null, twist: null, battery: null, transducerSerial: null };
  return { ...capture, samples: capture.samples.map((sample) => ({ ...sample, ...none })) };
}

/** One row for each sample. */
function rows({ samples }: Capture): Uint8Array {
  return text(samples.map((sample) => {
    const { x, y, deviceTime, azimuth, altitude, pressure } = sample;
    return [x, y, deviceTime, isDown(sample) ? 1 : 0, azimuth, altitude, pressure].join(' ');
  }).join('\n'));
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}
