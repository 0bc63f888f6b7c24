/**
 * A report descriptor in any of the forms in which people have one: binary (as in sysfs), hexadecimal text with or without
 * `0x`, commas and comments, or the `R:` line of a hid-recorder file.
 *
 * Before it: a file of a stranger, in a child process. After it: `parseReportDescriptor`.
 */
import { PenError } from '#driver/errors.ts';
import { readRecording } from '#driver/hid/recording/read.ts';

/** Everything but tab, line breaks and printable characters: no text has it, and every descriptor does (0x01, 0xc0 and others). */
const NO_TEXT = /[^\t\n\r\u0020-\u007e\u00a0-\u{10ffff}]|\ufffd/u;

/** @param device which one of a hid-recorder file; null: the first. @throws PenError DESCRIPTOR_MALFORMED, RECORDING_MALFORMED */
export function descriptorOfFile(file: Uint8Array, device: number | null): Uint8Array {
  const text = new TextDecoder().decode(file);
  if (NO_TEXT.test(text)) return file;
  if (/^\s*R:/m.test(text)) return recordedDescriptor(text, device);
  return hexText(text);
}

function recordedDescriptor(text: string, device: number | null): Uint8Array {
  const described = readRecording(text).devices.filter(({ descriptor }) => descriptor.length > 0);
  const found = device === null ? described[0] : described.find(({ index }) => index === device);
  if (found === undefined) throw new PenError('RECORDING_MALFORMED', `The file describes no device ${device ?? ''}. It has: ${described.map(({ index }) => index).join(', ')}.`);
  return found.descriptor;
}

/** One byte has one or two digits; longer words must have whole bytes. */
function hexText(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [line, content] of withoutComments(text).split('\n').entries()) {
    for (const word of content.split(/[\s,;{}]+/).filter((part) => part !== '')) {
      const digits = word.replace(/^0x/i, '');
      if (!/^[0-9a-f]+$/i.test(digits) || (digits.length > 2 && digits.length % 2 === 1)) {
        throw new PenError('DESCRIPTOR_MALFORMED', `Line ${line + 1}: "${word.slice(0, 40)}" is no hexadecimal byte, after ${bytes.length} bytes that are.`);
      }
      for (const [byte] of digits.padStart(2, '0').matchAll(/../g)) bytes.push(Number.parseInt(byte, 16));
    }
  }
  return Uint8Array.from(bytes);
}

/** Of C (keeping the lines), of shells, of assemblers. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]+/g, ' ')).replaceAll(/(\/\/|#).*/g, '');
}
