/**
 * Finds out whether an ISDv4 tablet is on a serial port, at which of its two baud rates, and what it can do.
 * Before it: `openSerial`. After it: the tablet is stopped, the port has its baud rate, and `isdv4Source` may be opened.
 */
import { PenError } from '../../errors.ts';
import type { PenAbilities } from '../../pens.ts';
import { LeadBitFramer } from '../lead-bit-framer.ts';
import type { SerialLink } from '../serial-link.ts';
import { Answers, Command, stop } from './conversation.ts';
import { MAX_LENGTH, packetKind, readPenReply, REPLY_LENGTH, touchLength, type PenReply } from './packets.ts';

/** Touch tablets are fast, those without touch slow; both are 8 data bits, no parity, one stop bit. */
export const ISDV4_BAUD_RATES = [38_400, 19_200] as const;

/** Resolution of all ISDv4 pens: 2,540 per inch. */
export const ISDV4_PER_MM = 100;

export interface Isdv4Pen {
  baudRate: number;
  reply: PenReply;
  /** Length of its touch packets; null: no touch, or a sensor not known. */
  touchLength: number | null;
}

/**
 * Takes 0.3 to 4 s: a tablet without touch, or at the other baud rate, is recognised by its silence. The link's data goes
 * nowhere afterwards until a source is opened.
 * @throws PenError `PEN_SILENT` (no such tablet, or one for fingers only), `PEN_GONE`
 */
export async function probeIsdv4(link: SerialLink): Promise<Isdv4Pen> {
  const answers = new Answers();
  const framer = new LeadBitFramer(MAX_LENGTH, (lead) => [packetKind(lead) === 'reply' ? REPLY_LENGTH : MAX_LENGTH], {
    packet: (packet) => { if (packetKind(packet[0]!) === 'reply') answers.arrived(packet); },
    broken: () => undefined,
  });
  link.onData((bytes, hostTime) => { framer.push(bytes, hostTime); });
  try {
    for (const baudRate of ISDV4_BAUD_RATES) {
      await link.setBaudRate(baudRate);
      await stop(link);
      const reply = await answers.ask(link, Command.query);
      if (reply === null) continue;
      const pen = readPenReply(reply);
      if (pen.xMax === 0 || pen.yMax === 0) throw new PenError('PEN_SILENT', `The tablet on ${link.path} is for fingers only: it has no pen.`);
      const touch = await answers.ask(link, Command.touchQuery);
      return { baudRate, reply: pen, touchLength: touch === null ? null : touchLength(touch) };
    }
  } finally {
    link.onData(() => undefined);
  }
  throw new PenError('PEN_SILENT', `No ISDv4 tablet answers on ${link.path}, neither at 38,400 nor at 19,200 baud. Check the path and the protocol in the settings.`);
}

export function hasTilt({ tiltXMax, tiltYMax }: PenReply): boolean {
  return tiltXMax > 0 && tiltYMax > 0;
}

/** For the list of attached pens. */
export function describeIsdv4({ reply }: Isdv4Pen): { name: string; gives: PenAbilities } {
  return {
    name: 'Wacom serial pen (ISDv4)',
    gives: {
      pressureLevels: reply.pressureMax === 0 ? 0 : reply.pressureMax + 1,
      tilt: hasTilt(reply) ? 'tilt' : 'none', twist: false, inAir: true, rate: null, clock: 'none',
      sizeMm: { width: reply.xMax / ISDV4_PER_MM, height: reply.yMax / ISDV4_PER_MM },
    },
  };
}
