import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReportDescriptor } from '#driver/hid/descriptor/parse.ts';
import type { HidLink } from '#driver/hid/hid-link.ts';
import { HidSource } from '#driver/hid/hid-source.ts';
import { readRecording } from '#driver/hid/recording/read.ts';
import type { AttachedPen, Pens } from '#driver/index.ts';
import { attachedPen } from '#fixtures/attached-pens.ts';
import { countersign } from '#fixtures/program.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { recordPen, type Recorded } from './record-pen.ts';

/** HID 1.11 items: Digitizers, Pen, Stylus: Tip Switch and In Range, X and Y of 16 bits, Tip Pressure of 4,095. */
const DESCRIPTOR = Uint8Array.from([
  0x05, 0x0d, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x20, 0xa1, 0x00, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x02, 0x09, 0x42, 0x09, 0x32, 0x81, 0x02,
  0x95, 0x06, 0x81, 0x03, 0x75, 0x10, 0x95, 0x01, 0x05, 0x01, 0x26, 0xff, 0x7f, 0x09, 0x30, 0x81, 0x02, 0x09, 0x31, 0x81, 0x02,
  0x05, 0x0d, 0x26, 0xff, 0x0f, 0x09, 0x30, 0x81, 0x02, 0xc0, 0xc0,
]);
const PEN = attachedPen();

const folder = temporaryFolder();
let files = 0;
const newFile = (): string => join(folder, `pen-${files++}.hid`);

/** A device that says what a test lets it. */
class Device implements HidLink {
  readonly path = '/dev/hidraw0';
  report: (report: Uint8Array, hostTime: number) => void = () => undefined;
  end: (why: string) => void = () => undefined;
  closed = false;
  onReport(listener: Device['report']): void { this.report = listener; }
  onEnd(listener: Device['end']): void { this.end = listener; }
  getFeature(): Promise<Uint8Array> { return Promise.reject(new Error('not asked')); }
  sendFeature(): Promise<void> { return Promise.reject(new Error('not asked')); }
  write(): Promise<void> { return Promise.reject(new Error('not asked')); }
  async close(): Promise<void> { this.closed = true; }
}

/** The real source of a HID pen, on that device. */
function pensWith(device: Device, descriptor: Uint8Array | null): Pens {
  const { name, vendorId, productId, serialNumber, bus } = PEN;
  const hid = {
    path: device.path, vendorId: vendorId!, productId: productId!, name, serialNumber, bus, port: null, interface: null, applications: [], descriptor, permitted: true,
  };
  return {
    list: () => [PEN], onChange: () => () => undefined, stop: () => Promise.resolve(),
    source: () => new HidSource({ device: hid, descriptor: parseReportDescriptor(DESCRIPTOR), layoutSource: null, open: () => Promise.resolve(device), platform: 'linux' }),
  };
}

type Reports = readonly { hostTime: number; bytes: Uint8Array }[];
interface Circumstances { lose?: boolean; force?: boolean; descriptor?: Uint8Array | null; pen?: AttachedPen }

/** Records these reports; then the pen is pulled out, or the recording stopped. */
async function recorded(path: string, reports: Reports, { lose = false, force = false, descriptor = DESCRIPTOR, pen = PEN }: Circumstances = {}): Promise<Recorded> {
  const device = new Device();
  const stop = new AbortController();
  const recording = recordPen(pensWith(device, descriptor), pen, path, { force, stop: stop.signal, progress: () => undefined });
  recording.catch(() => undefined);
  await new Promise((resolve) => { setImmediate(resolve); });
  for (const { hostTime, bytes } of reports) device.report(bytes, hostTime);
  if (lose) device.end('unplugged');
  else stop.abort();
  await recording.catch(() => undefined);
  expect(device.closed).toBe(pen.kind === 'hid');
  return recording;
}

test('any reports come out of the file as they came from the pen, with their times from the first one on', async () => {
  const report = fc.record({ gapNs: fc.nat(1e10), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) });
  await fc.assert(fc.asyncProperty(fc.array(report, { maxLength: 30 }), async (given) => {
    let hostTime = Number(process.hrtime.bigint());
    const reports = given.map(({ gapNs, bytes }) => ({ hostTime: hostTime += gapNs, bytes }));
    const path = newFile();
    expect(await recorded(path, reports)).toMatchObject({ reports: reports.length, cut: null });
    const { devices, reports: read } = readRecording(readFileSync(path, 'utf8'));
    expect(devices).toEqual([{ index: 0, name: PEN.name, phys: '', bus: 3, vendorId: PEN.vendorId, productId: PEN.productId, descriptor: DESCRIPTOR }]);
    const zero = reports[0]?.hostTime ?? 0;
    expect(read).toEqual(reports.map((each) => ({ device: 0, timeUs: Math.floor((each.hostTime - zero) / 1_000), bytes: each.bytes })));
  }), { numRuns: 25 });
});

test('countersign hid decode reads it, and finds what the pen did', async () => {
  const path = newFile();
  const report = (switches: number, x: number, y: number, pressure: number): Uint8Array => {
    const bytes = new DataView(new ArrayBuffer(7));
    bytes.setUint8(0, switches);
    [x, y, pressure].forEach((value, at) => { bytes.setUint16(1 + 2 * at, value, true); });
    return new Uint8Array(bytes.buffer);
  };
  await recorded(path, [{ hostTime: 1e6, bytes: report(2, 100, 200, 0) }, { hostTime: 5e6, bytes: report(3, 101, 199, 1_234) }]);
  const { code, stdout } = await countersign('hid', 'decode', path, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ reports: [
    { sample: { x: 100, y: 200, pressure: 0, switches: { inRange: true, tip: false } } },
    { sample: { x: 101, y: 199, pressure: 1_234, pressureRange: [0, 4_095], switches: { inRange: true, tip: true } } },
  ] });
});

test('only its owner can read it', async () => {
  const path = newFile();
  await recorded(path, []);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file that is there is left alone, unless it is to be replaced; a link is replaced and not followed', async () => {
  const path = newFile();
  writeFileSync(path, 'mine', { mode: 0o644 });
  await expect(recorded(path, [])).rejects.toThrow('--force');
  expect(readFileSync(path, 'utf8')).toBe('mine');
  const link = newFile();
  symlinkSync(path, link);
  await recorded(link, [], { force: true });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(readFileSync(link, 'utf8')).toMatch(/^D: 0\nR: /);
});

test('a pen that is pulled out cuts the recording, and what came before is in it', async () => {
  const path = newFile();
  const { reports, cut } = await recorded(path, [{ hostTime: 5_000, bytes: new Uint8Array(7) }], { lose: true });
  expect(reports).toBe(1);
  expect(cut).toContain('unplugged');
  expect(readRecording(readFileSync(path, 'utf8')).reports).toHaveLength(1);
});

test('what has no report descriptor is not recorded, and no file is made', async () => {
  const path = newFile();
  await expect(recorded(path, [], { pen: { ...PEN, kind: 'isdv4' } })).rejects.toThrow('no HID pen');
  await expect(recorded(path, [], { descriptor: null })).rejects.toThrow('Record on Linux');
  expect(() => statSync(path)).toThrow('ENOENT');
});

test('a name with a line break adds no line to the file', async () => {
  const path = newFile();
  await recorded(path, [], { pen: { ...PEN, name: 'Pen\nE: 000000.000000 1 00' } });
  expect(readRecording(readFileSync(path, 'utf8')).reports).toEqual([]);
});
