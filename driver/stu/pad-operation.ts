/**
 * A pad at work: made ready, capturing, shown a picture, left as it should be found.
 * Before it: `StuSession`, one command after the other. After it: `stu-source.ts`.
 *
 * Encryption is used where the model has it, because it hides ink from whoever listens on the cable at the desk; it
 * hides nothing from whoever can change what goes over it. Where no key can be agreed on, samples come in clear, and it is said why.
 *
 * A pad takes no picture while it captures encrypted: capturing is ended and begun again, with new keys.
 */
import { randomInt } from 'node:crypto';
import { PenError } from '../errors.ts';
import type { PadArea, PadPicture } from '../pad.ts';
import { agreeByDiffieHellman } from './dh-exchange.ts';
import { encodePicture, encodingsFor, isBlackAndWhite, PICTURE_SETTINGS, rgb565Of, type Encoding, type PictureSettings } from './image/encode-picture.ts';
import { sendPicture } from './image/send-picture.ts';
import { inkArea } from './ink-area.ts';
import { PenOption } from './models.ts';
import { nonVolatileWrites, type NonVolatileWrites } from './non-volatile.ts';
import type { PenReportContext } from './pen-report.ts';
import type { ProbedPad } from './probe-pad.ts';
import { agreeByRsa, rsaKeyPair } from './rsa-exchange.ts';
import { Status } from './status.ts';
import type { StuLink } from './stu-link.ts';
import { StuSession, type InkThreshold, type KeptSetting } from './stu-session.ts';
import { encryptionLimit, thresholdLimit } from './stu-source-info.ts';

export interface PadOptions {
  /** Whether samples are encrypted between pad and host where the model can. True by default. */
  encryption?: boolean;
  picture?: Partial<PictureSettings>;
  /** How every picture is sent, whatever it loses; by default what `encodingsFor` finds best for each. */
  encoding?: Encoding;
  /** Set only where it is given; else the pad's own. */
  inkThreshold?: InkThreshold;
  /** Kept by the pad for good, in memory that wears out: see `non-volatile.ts`. Brightness from 0 to 3, background as red, green, blue. */
  settings?: { brightness?: number; contrast?: number; background?: readonly [number, number, number] };
  /** Given by tests; by default those of this process. */
  writes?: NonVolatileWrites;
  /** Waits between two questions to the pad; given by tests that do not want to. */
  pause?: (ms: number) => Promise<unknown>;
}

const WHITE = 0xffffff;

export class PadOperation {
  /** How reports that come now are to be read. */
  readonly context: PenReportContext;
  readonly #probed: ProbedPad;
  readonly #options: PadOptions;
  readonly #session: StuSession;
  readonly #say: (limit: string) => void;
  #keys: ReturnType<typeof rsaKeyPair> | null = null;
  #picture: PadPicture | null = null;
  /** Encodings that this pad refused while it took a plainer one. */
  readonly #refused = new Set<Encoding>();
  #rested = false;
  #ready = false;
  #leaving = false;

  /** @param say hears what an examiner must know; the same sentence may come again */
  constructor(link: StuLink, probed: ProbedPad, options: PadOptions, say: (limit: string) => void) {
    this.#probed = probed;
    this.#options = options;
    this.#session = new StuSession(link, options.pause);
    this.#say = say;
    const option = ({ [PenOption.none]: null, [PenOption.timeCount]: 'time', [PenOption.sequence]: 'sequence', [PenOption.timeCountAndSequence]: null } as const)[probed.penOption];
    this.context = { option, capture: null };
  }

  /** Everything that must be so before samples are taken. @throws PenError `PAD_REFUSED`, `PEN_SILENT`, `PEN_GONE` */
  begin(): Promise<void> {
    return this.#session.exclusive(async () => {
      await this.#rest();
      await this.#settle();
      this.#say(thresholdLimit(await this.#session.inkThreshold()));
      await this.#applySettings();
      await this.#capture();
      this.#ready = true;
    });
  }

  /** Leaves the pad at rest, with an empty screen: nothing of a guest stays on it, whichever of the other steps it refuses. */
  leave(): Promise<void> {
    this.#leaving = true;
    return this.#session.exclusive(async () => {
      if (!this.#rested) return;
      await unlessRefused(this.#stopCapture());
      await unlessRefused(this.#session.setInking(false));
      await unlessRefused(this.#session.clearScreen());
      if (this.#probed.model.displayArea) await unlessRefused(this.#session.setDisplayArea(this.#whole));
      if (this.#probed.penOption !== PenOption.none) await unlessRefused(this.#session.setPenOption(PenOption.none));
    });
  }

  /** @throws PenError `PAD_PICTURE`, `PAD_REFUSED`, `PEN_GONE` */
  async show(picture: PadPicture): Promise<void> {
    const { screenWidth, screenHeight } = this.#probed.capability;
    const { width, height, rgba, buttons, ink } = picture;
    if (width !== screenWidth || height !== screenHeight || rgba.length !== 4 * width * height) {
      throw new PenError('PAD_PICTURE', `This pad shows ${screenWidth} × ${screenHeight} pixels of 4 bytes; the picture has ${width} × ${height}, and ${rgba.length} bytes.`);
    }
    const outside = [...buttons.map(({ area }) => area), ...(ink === null ? [] : [ink])].find((area) => !onScreen(area, picture));
    if (outside !== undefined) throw new PenError('PAD_PICTURE', `An area of the picture is not on it: ${JSON.stringify(outside)} of ${width} × ${height} pixels.`);
    await this.#interrupting(async () => {
      await this.#send(picture, null);
      if (this.#probed.model.displayArea) await this.#session.setDisplayArea(inkArea(picture));
      this.#picture = picture;
    });
  }

  /** @throws PenError `PAD_REFUSED`, `PEN_GONE` */
  clear(): Promise<void> {
    return this.#interrupting(async () => {
      const picture = this.#picture;
      if (picture === null) return this.#session.clearScreen();
      if (!this.#probed.model.areas) return this.#send(picture, null);
      // ink is only there, and a part is sent sooner than the whole; nothing need be sent where the pad's own background is in the picture
      const area = inkArea(picture);
      const colour = onlyColour(picture, area);
      if (colour !== null && colour === await this.#background()) return this.#session.clearArea(area);
      return this.#send(picture, area);
    });
  }

  /** 0xrrggbb; pads without this setting have a white one. */
  async #background(): Promise<number> {
    return this.#probed.model.settings.background24 ? this.#session.setting('background24') : WHITE;
  }

  async #rest(): Promise<void> {
    if (!this.#rested) await this.#session.recover();
    this.#rested = true;
  }

  /** What a reset would undo. */
  async #settle(): Promise<void> {
    const { model, penOption } = this.#probed;
    if (penOption !== PenOption.none) await this.#session.setPenOption(penOption);
    if (this.#options.inkThreshold !== undefined) await this.#session.setInkThreshold(this.#options.inkThreshold);
    if (model.displayArea) await this.#session.setDisplayArea(this.#picture === null ? this.#whole : inkArea(this.#picture));
    await this.#session.setInking(true);
  }

  async #applySettings(): Promise<void> {
    const { brightness, contrast, background } = this.#options.settings ?? {};
    const { model: { settings }, attached, serialNumber } = this.#probed;
    const pad = `${attached.name} ${serialNumber ?? this.#session.link.path}`;
    const write = (name: KeptSetting, value: number): Promise<boolean> =>
      this.#session.keep(name, value, this.#options.writes ?? nonVolatileWrites, pad);
    if (settings.brightness && brightness !== undefined) await write('brightness', brightness);
    if (settings.brightness && contrast !== undefined) await write('contrast', contrast);
    if (background === undefined) return;
    const [red, green, blue] = background;
    if (settings.background24) await write('background24', (red << 16) | (green << 8) | blue);
    else if (settings.background16) await write('background16', rgb565Of(red, green, blue));
  }

  /** Begins to capture, encrypted where that is wanted and can be had. */
  async #capture(): Promise<void> {
    const { encryption } = this.#probed.model;
    if (this.#options.encryption === false) return this.#say(encryptionLimit('off', null));
    try {
      await this.#captureEncrypted();
      this.#say(encryptionLimit(encryption, null));
    } catch (error) {
      if (!(error instanceof PenError) || error.code === 'PEN_GONE') throw error;
      this.context.capture = null;
      this.#say(encryptionLimit(encryption, error.message));
      await this.#backToRest();
    }
  }

  async #captureEncrypted(): Promise<void> {
    const session = randomInt(1, 2 ** 32);
    const cipher = this.#probed.model.encryption === 'dh' ? await agreeByDiffieHellman(this.#session) : await agreeByRsa(this.#session, await (this.#keys ??= rsaKeyPair()));
    this.context.capture = { cipher, session };
    await this.#session.startCapture(session);
  }

  /** The pad may have begun to capture all the same, and nobody could read it. */
  async #backToRest(): Promise<void> {
    if (!await this.#session.recover()) return;
    await this.#settle();
    if (this.#picture !== null) await this.#send(this.#picture, null);
  }

  async #stopCapture(): Promise<void> {
    if (this.context.capture === null) return;
    const { status } = await this.#session.status();
    if (status === Status.capture) await this.#session.endCapture();
    else {
      // it lost its power for a moment, and forgot everything it was told
      await this.#session.recover();
      await this.#settle();
    }
    this.context.capture = null;
  }

  /** Work on the screen, which a pad refuses while it captures. */
  #interrupting(work: () => Promise<void>): Promise<void> {
    return this.#session.exclusive(async () => {
      await this.#rest();
      await this.#stopCapture();
      try {
        await work();
      } finally {
        if (this.#ready && !this.#leaving) await this.#capture();
      }
    });
  }

  get #whole(): PadArea {
    const { screenWidth, screenHeight } = this.#probed.capability;
    return { x1: 0, y1: 0, x2: screenWidth - 1, y2: screenHeight - 1 };
  }

  /** Falls back to a plainer encoding where the pad refuses the better one: what its capability says of zlib is not clear. */
  async #send(picture: PadPicture, area: PadArea | null): Promise<void> {
    const settings = { ...PICTURE_SETTINGS, ...this.#options.picture };
    const { capability: { encodings } } = this.#probed;
    const candidates = this.#options.encoding !== undefined ? [this.#options.encoding]
      : encodingsFor(encodings, this.#session.link.transport, isBlackAndWhite(picture.rgba)).filter((one, index, all) => index === all.length - 1 || !this.#refused.has(one));
    for (const [index, candidate] of candidates.entries()) {
      const data = encodePicture(picture.rgba, picture.width, area ?? this.#whole, candidate, settings);
      try {
        await sendPicture(this.#session, { data, encoding: candidate, area }, this.#probed.blockSize, () => this.#leaving);
        for (const refused of candidates.slice(0, index)) this.#refused.add(refused);
        return;
      } catch (error) {
        if (index === candidates.length - 1 || !(error instanceof PenError) || error.code !== 'PAD_REFUSED') throw error;
      }
    }
  }
}

async function unlessRefused(step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!(error instanceof PenError) || error.code !== 'PAD_REFUSED') throw error;
  }
}

function onScreen({ x1, y1, x2, y2 }: PadArea, { width, height }: PadPicture): boolean {
  return [x1, y1, x2, y2].every(Number.isInteger) && 0 <= x1 && x1 <= x2 && x2 < width && 0 <= y1 && y1 <= y2 && y2 < height;
}

/** 0xrrggbb where a part of a picture has only one colour, else null. */
function onlyColour({ rgba, width }: PadPicture, { x1, y1, x2, y2 }: PadArea): number | null {
  const colourAt = (x: number, y: number): number => {
    const at = 4 * (y * width + x);
    return (rgba[at]! << 16) | (rgba[at + 1]! << 8) | rgba[at + 2]!;
  };
  const colour = colourAt(x1, y1);
  for (let y = y1; y <= y2; y++) for (let x = x1; x <= x2; x++) if (colourAt(x, y) !== colour) return null;
  return colour;
}
