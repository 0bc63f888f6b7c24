/**
 * Signature pads, asked and opened, over whatever they are attached by.
 * Before it: a link to the pad. After it: `../stu/`.
 */
import type { AttachedPen, AttachedPenSource } from '../pens.ts';
import { openSerial } from '../serial/open-serial.ts';
import type { PictureSettings } from '../stu/image/encode-picture.ts';
import { probePad, type ProbedPad } from '../stu/probe-pad.ts';
import { STU_SERIAL, serialStuLink } from '../stu/serial-stu-link.ts';
import type { StuLink } from '../stu/stu-link.ts';
import { stuSource } from '../stu/stu-source.ts';
import type { StuSettings } from './messages.ts';

/** What a pad says of itself: its pen and its screen. */
export type PadAnswer = Pick<AttachedPen, 'name' | 'gives' | 'pad'>;

/** @throws PenError as `openSerial` */
export async function serialPad(path: string, baudRate: number | undefined, { crcInitial }: StuSettings): Promise<StuLink> {
  return serialStuLink(await openSerial(path, { ...STU_SERIAL, baudRate: baudRate ?? STU_SERIAL.baudRate }), { crcInitial: crcInitial === 0xffff ? 0xffff : 0x0000 });
}

/** Asks and lets go. Reads only: nothing on the pad changes. @throws PenError `PEN_SILENT`, `PEN_GONE`, `PEN_LAYOUT_UNKNOWN` */
export async function askPad(link: StuLink, productId: number | null): Promise<PadAnswer> {
  try {
    return answerOf(await probePad(link, productId));
  } finally {
    await link.close();
  }
}

/** @param told hears what the pad said of itself. @throws PenError as `askPad`; the link is then closed */
export async function openPad(link: StuLink, productId: number | null, settings: StuSettings, told: (answer: PadAnswer) => void): Promise<AttachedPenSource> {
  try {
    const probed = await probePad(link, productId);
    told(answerOf(probed));
    return stuSource(link, probed, { picture: pictureSettings(settings) });
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Those that are set: the others must not stand in the way of their defaults. */
function pictureSettings({ bitOrder, whiteBit, byteOrder }: StuSettings): Partial<PictureSettings> {
  return Object.fromEntries(Object.entries({ bitOrder, whiteBit, byteOrder }).filter(([, value]) => value !== undefined));
}

function answerOf({ attached: { name, gives, pad } }: ProbedPad): PadAnswer {
  return { name, gives, pad };
}
