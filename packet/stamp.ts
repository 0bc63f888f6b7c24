/**
 * What a reader sees in the signature field: the ink, and below it in small print the name, time, place and request.
 * Before: `sign-document.ts`. After: the widget of `signature-field.ts`.
 */
import { type PDFContext, type PDFRef, rgb } from './pdf-lib.ts';
import type { InkOutline } from '#biometrics/ink.ts';
import { Appearance, margin, type Place } from './appearance.ts';
import type { FontSet, TextOptions } from './text/index.ts';

export interface Stamp {
  /** Millimetres, y upwards, any origin; made smaller, never larger, to fit the field. */
  ink: readonly InkOutline[];
  signerName: string | null;
  place: string;
  requestId: string;
  signedAt: Date;
  demo: boolean;
}

const printColour = rgb(0.25, 0.25, 0.25);
const demoColour = rgb(0.75, 0.1, 0.05);

/**
 * @returns the form XObject, registered.
 * @throws PacketError NO_GLYPH where name or place cannot be drawn; nothing is registered for the form then.
 */
export function drawStamp(context: PDFContext, fonts: FontSet, stamp: Stamp, place: Place): PDFRef {
  const appearance = new Appearance(context, place);
  appearance.ink(stamp.ink, smallPrint(appearance, fonts, stamp));
  return appearance.register();
}

/** The ink alone, for initials: their places are too low for print. In demo mode, what it is worth. */
export function drawInitials(context: PDFContext, fonts: FontSet, { ink, demo }: Pick<Stamp, 'ink' | 'demo'>, place: Place): PDFRef {
  const appearance = new Appearance(context, place);
  const size = Math.min(4.8, appearance.size.height / 5);
  if (demo) appearance.text(fonts, 'DEMO, not evidence', demoLine(appearance, size, appearance.size.width - 2 * margin));
  appearance.ink(ink, demo ? margin + size * 1.2 : margin);
  return appearance.register();
}

interface Line { text: string; y: number; maxWidth: number }

/** From the bottom: request (and, in demo mode, what it is worth), time and place, name. @returns its height */
function smallPrint(appearance: Appearance, fonts: FontSet, stamp: Stamp): number {
  const shown = appearance.size;
  const size = Math.min(4.8, shown.height / 10);
  const width = shown.width - 2 * margin;
  const baseline = (line: number): number => margin + size * (0.25 + 1.3 * line);
  const time = `${stamp.signedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const lines: Line[] = [
    { text: `Request ${stamp.requestId}`, y: baseline(0), maxWidth: stamp.demo ? width * 0.6 : width },
    { text: `${time}, ${stamp.place}`, y: baseline(1), maxWidth: width },
  ];
  if (stamp.signerName !== null) lines.push({ text: stamp.signerName, y: baseline(2), maxWidth: width });
  for (const { text, ...look } of lines) appearance.text(fonts, text, { colour: printColour, ...look, x: margin, size, direction: 'ltr' });
  if (stamp.demo) appearance.text(fonts, 'DEMO, not evidence', demoLine(appearance, size, width * 0.38));
  return baseline(stamp.signerName === null ? 2 : 3);
}

function demoLine({ size: shown }: Appearance, size: number, maxWidth: number): TextOptions {
  return { x: shown.width - margin, y: margin + size * 0.25, size, bold: true, colour: demoColour, align: 'right', maxWidth };
}
