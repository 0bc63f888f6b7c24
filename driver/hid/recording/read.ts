/**
 * hid-recorder files, read: the text that hid-recorder and hid-replay exchange (hid-recorder(1), "File format").
 *
 *     # a comment
 *     D: 0                                  from here on it is about this device; left out where there is only one
 *     R: 9 05 0d 09 02 a1 01 81 00 c0       length and bytes of its report descriptor, hexadecimal
 *     N: name    P: physical path    I: bus vendor product (hexadecimal)
 *     E: 000001.552096 8 09 00 8c 03 …      seconds.microseconds, length and bytes of a report
 *
 * Lines of other letters are passed over: newer recorders write some.
 * Before it: a file. After it: `countersign hid decode`, tests.
 */
import { PenError } from '../../errors.ts';
import type { HidRecording, RecordedDevice } from './recording.ts';

/** Descriptor and reports on USB and I2C are not longer. */
const MAX_BYTES = 0xffff;

/** @throws PenError RECORDING_MALFORMED; the message names the line. */
export function readRecording(text: string): HidRecording {
  const reader = new Reader();
  let number = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    number++;
    reader.line(text.slice(start, end).trim(), number);
    start = end + 1;
  }
  return reader.recording;
}

class Reader {
  readonly recording: HidRecording = { devices: [], reports: [] };
  readonly #devices = new Map<number, RecordedDevice>();
  #index = 0;

  line(line: string, number: number): void {
    if (line === '' || line.startsWith('#')) return;
    const [, letter, rest] = /^([A-Z]):\s*(.*)$/s.exec(line) ?? [];
    if (letter === undefined || rest === undefined) throw malformed(number, `"${line.slice(0, 40)}" is no line of a hid-recorder file`);
    switch (letter) {
      case 'D': this.#index = decimal(rest, number, 'a device number'); break;
      case 'N': this.#device().name = rest; break;
      case 'P': this.#device().phys = rest; break;
      case 'I': Object.assign(this.#device(), identity(rest, number)); break;
      case 'R': this.#describe(rest, number); break;
      case 'E': this.#report(rest, number); break;
      default:
    }
  }

  #device(): RecordedDevice {
    const known = this.#devices.get(this.#index);
    if (known !== undefined) return known;
    const device: RecordedDevice = { index: this.#index, name: '', phys: '', bus: 0, vendorId: 0, productId: 0, descriptor: new Uint8Array() };
    this.#devices.set(this.#index, device);
    this.recording.devices.push(device);
    return device;
  }

  #describe(rest: string, number: number): void {
    const device = this.#device();
    if (device.descriptor.length > 0) throw malformed(number, `device ${device.index} has a report descriptor already`);
    device.descriptor = counted(rest.split(/\s+/), number);
  }

  #report(rest: string, number: number): void {
    if (this.#device().descriptor.length === 0) throw malformed(number, `a report of device ${this.#index} comes before its descriptor (R:)`);
    const [time, ...words] = rest.split(/\s+/);
    const [, seconds, micros] = /^(\d{1,9})\.(\d{6})$/.exec(time ?? '') ?? [];
    if (seconds === undefined || micros === undefined) throw malformed(number, `"${(time ?? '').slice(0, 40)}" is no time (seconds.microseconds, with six decimals)`);
    this.recording.reports.push({ device: this.#index, timeUs: Number(seconds) * 1_000_000 + Number(micros), bytes: counted(words, number) });
  }
}

function identity(rest: string, number: number): Pick<RecordedDevice, 'bus' | 'vendorId' | 'productId'> {
  const words = rest.split(/\s+/);
  if (words.length !== 3 || !words.every((word) => /^(0x)?[0-9a-f]{1,8}$/i.test(word))) throw malformed(number, 'bus, vendor and product must be three hexadecimal numbers');
  const [bus, vendorId, productId] = words.map((word) => Number.parseInt(word, 16)) as [number, number, number];
  return { bus, vendorId, productId };
}

/** A length and as many bytes. */
function counted([first, ...words]: string[], number: number): Uint8Array {
  const length = decimal(first ?? '', number, 'a length');
  if (length === 0 || length > MAX_BYTES) throw malformed(number, `a length of ${length}; 1 to ${MAX_BYTES} can be read`);
  if (length !== words.length) throw malformed(number, `the length says ${length} bytes and ${words.length} follow`);
  const bytes = new Uint8Array(length);
  for (const [at, word] of words.entries()) {
    if (!/^[0-9a-f]{2}$/i.test(word)) throw malformed(number, `"${word.slice(0, 40)}" is no byte (two hexadecimal digits)`);
    bytes[at] = Number.parseInt(word, 16);
  }
  return bytes;
}

function decimal(word: string, number: number, what: string): number {
  if (!/^\d{1,9}$/.test(word)) throw malformed(number, `"${word.slice(0, 40)}" is not ${what}`);
  return Number(word);
}

function malformed(number: number, what: string): PenError {
  return new PenError('RECORDING_MALFORMED', `The hid-recorder file is malformed in line ${number}: ${what}.`);
}
