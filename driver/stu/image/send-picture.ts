/**
 * Sends a picture to a pad: begin (0x25, or 0x24 for a part of the screen), blocks (0x26), commit (0x27, 0).
 * Before it: `encode-picture.ts`. After it: the pad draws, and is ready again when it has.
 *
 * Whatever goes wrong in between, the picture is given up (0x27, 1), or the pad would wait for the rest for ever.
 * Source: SDK, `writeImage` in ProtocolHelper.cpp.
 */
import { PenError } from '../../errors.ts';
import type { PadArea } from '../../pad.ts';
import { Report } from '../report-ids.ts';
import { Status } from '../status.ts';
import { rectangle, type StuSession } from '../stu-session.ts';
import type { Encoding } from './encode-picture.ts';

/** Bytes of picture in a block over HID, and over serial where the pad does not say that it takes more. */
export const BLOCK_SIZE = 253;
/** Most bytes of picture in a block. */
export const MAX_BLOCK_SIZE = 2_557;

const HEADER = 3;

export interface EncodedPicture {
  data: Uint8Array;
  encoding: Encoding;
  /** Null: the whole screen. */
  area: PadArea | null;
}

/**
 * @param blockSize `BLOCK_SIZE` to `MAX_BLOCK_SIZE`. @param givenUp asked before each block: a colour picture takes seconds
 * @throws PenError `PAD_REFUSED`, `PEN_GONE` (also when it was given up)
 */
export async function sendPicture(session: StuSession, { data, encoding, area }: EncodedPicture, blockSize: number, givenUp: () => boolean): Promise<void> {
  const begin = area === null ? [Report.startImage, encoding] : [Report.startImageArea, encoding, 1, ...rectangle(area)];
  await session.command(Uint8Array.from(begin));
  try {
    await session.waitFor([Status.image], 'to take a picture');
    for (let at = 0; at < data.length; at += blockSize) {
      if (givenUp()) break;
      await session.link.setReport(block(data.subarray(at, at + blockSize), blockSize));
    }
    if (givenUp()) return await giveUp(session);
    await session.link.setReport(Uint8Array.of(Report.endImage, 0));
    await session.checkResult(Report.endImage);
  } catch (error) {
    if (!(error instanceof PenError) || error.code !== 'PEN_GONE') await session.link.setReport(Uint8Array.of(Report.endImage, 1)).catch(() => undefined);
    throw error;
  }
  await session.waitFor([Status.ready], 'to have drawn the picture');
}

async function giveUp(session: StuSession): Promise<never> {
  await session.link.setReport(Uint8Array.of(Report.endImage, 1));
  await session.waitFor([Status.ready], 'to give up the picture');
  throw new PenError('PEN_GONE', 'The pad was closed while a picture was sent to it.');
}

/** Always of full length: a feature report has one length. */
function block(data: Uint8Array, blockSize: number): Uint8Array {
  const report = new Uint8Array(HEADER + blockSize);
  report.set([Report.imageBlock, data.length & 0xff, data.length >> 8]);
  report.set(data, HEADER);
  return report;
}
