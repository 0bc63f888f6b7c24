/** Ten million random and mutated reports and twenty million bytes of a serial line, from fixed seeds: nothing throws, nothing leaves its type. */
import { expect, test } from 'vitest';
import { MAX_BATCH } from '#biometrics/samples.ts';
import { PadPen } from '#fixtures/stu-pad/pad-pen.ts';
import { frame } from '#fixtures/stu-pad/pad-serial.ts';
import { PenOption } from './models.ts';
import { penCipher } from './pen-cipher.ts';
import { decodePenReport, type PenReportContext } from './pen-report.ts';
import { FrameReader } from './serial-frame.ts';
import { StuSamples } from './stu-samples.ts';

const REPORTS = 10_000_000;
/** Of one signature, so that what it keeps does not grow. */
const SIGNATURE = Math.min(50_000, MAX_BATCH);
const LINE_BYTES = 20_000_000;

test('random and mutated reports', () => {
  const random = generator(1);
  const capture = { cipher: penCipher(new Uint8Array(16).fill(7)), session: 42 };
  let samples = 0;
  for (let done = 0; done < REPORTS; done += SIGNATURE) {
    const option = random() & 3;
    const context: PenReportContext = { option: option === 1 ? 'time' : option === 2 ? 'sequence' : null, capture: (random() & 1) === 0 ? null : capture };
    const signature = new StuSamples(option as PenOption, [], [0.1, 0, 0, 0.1, 0, 0]);
    signature.buttons.set([{ id: 'ok', area: { x1: 10, y1: 10, x2: 900, y2: 900 } }]);
    const pen = new PadPen(random() & 0xffff, random() & 0xffff);
    const mode = { option, capture: context.capture === null ? null : { session: 42, key: new Uint8Array(16).fill(7) } };
    let last = Uint8Array.of(1);
    for (let index = 0; index < SIGNATURE; index++) {
      const report = index % 8 === 0 ? pen.report({ x: random() & 0xffff, y: random() & 0xffff, pressure: random() & 0xfff, switches: random() & 7 }, mode) : null;
      last = report === null ? mutated(last, random) : Uint8Array.from(report);
      const decoded = decodePenReport(last, context);
      if (typeof decoded === 'string') signature.odd(decoded);
      else samples += sound(signature, signature.take(decoded, index * 5_000_000).samples);
    }
    const { losses, anomalies } = { losses: signature.losses(), anomalies: signature.anomalies() };
    if (![losses.count, ...Object.values(anomalies)].every((count) => Number.isSafeInteger(count) && count >= 0)) expect.fail(JSON.stringify({ losses, anomalies }));
  }
  expect(samples).toBeGreaterThan(REPORTS / 20);
}, 600_000);

function sound(signature: StuSamples, samples: ReturnType<StuSamples['take']>['samples']): number {
  for (const { x, y, pressure, deviceTime, switches } of samples) {
    const whole = Number.isInteger(x) && x >= 0 && x <= 65_535 && Number.isInteger(y) && y >= 0 && y <= 65_535 && pressure !== null && pressure >= 0 && pressure <= 4_095
      && (deviceTime === null || Number.isSafeInteger(deviceTime)) && (switches & ~3) === 0;
    if (!whole) expect.fail(JSON.stringify({ x, y, pressure, deviceTime, switches, taken: signature.taken }));
  }
  return samples.length;
}

test('a random serial line', () => {
  const random = generator(2);
  const reader = new FrameReader();
  let [read, right] = [0, 0];
  for (let sent = 0; sent < LINE_BYTES;) {
    const bytes = Uint8Array.from({ length: 1 + (random() & 63) }, () => random());
    const piece = (random() & 1) === 0 ? bytes : mutated(frame(bytes, { crcInitial: 0 }), random);
    sent += piece.length;
    for (const { report, crcInitials } of reader.push(piece)) {
      read++;
      if (crcInitials.length > 0) right++;
      if (report.length === 0 || report.length > 7_168) expect.fail(`${report.length} bytes`);
    }
  }
  expect(read).toBeGreaterThan(right);
  expect(right).toBeGreaterThan(10_000);
}, 600_000);

/** One to three bytes changed, or cut, or longer, now and then. */
function mutated(report: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  const length = (random() & 31) === 0 ? random() % 40 : report.length;
  const bytes = new Uint8Array(length);
  bytes.set(report.subarray(0, length));
  if (length === 0) return bytes;
  for (let changes = random() & 3; changes > 0; changes--) bytes[random() % length] = random();
  if ((random() & 63) === 0) bytes[0] = [0x01, 0x10, 0x30, 0x31, 0x33, 0x34][random() % 6]!;
  return bytes;
}

/** xorshift32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
