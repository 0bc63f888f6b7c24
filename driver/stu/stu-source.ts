/**
 * A signature pad as a source of samples, with its screen.
 * Before it: a `StuLink` and what `probePad` asked from it. After it: `kiosk/station/pens/`.
 *
 * Kept raw: x, y and pressure as the pad counts them. `tip` is set where the pad's own switch bits are not 0, `inRange` where its
 * ready bit is; what the pad draws on its screen follows a pressure threshold instead, which `limits` names.
 *
 * Encryption is used where the model has it, because it hides ink from whoever listens on the cable at the desk; it
 * hides nothing from whoever can change what goes over it. Where no key can be agreed on, samples come in clear and
 * `limits` says why. `findings().reports` holds the reports in clear.
 *
 * A new picture interrupts: the pad takes none while it captures encrypted, so capturing is ended and begun again, with new keys.
 * When the source ends, the screen is cleared: nothing of a guest stays on it.
 */
import { randomInt } from 'node:crypto';
import { MAX_REPORTS } from '#biometrics/limits.ts';
import { MAX_BATCH } from '#biometrics/samples.ts';
import { PenError } from '../errors.ts';
import type { PadArea, PadControls, PadPicture } from '../pad.ts';
import type { AttachedPenSource } from '../pens.ts';
import type { PenFindings, PenListener } from '../source.ts';
import { agreeByDiffieHellman } from './dh-exchange.ts';
import { encodePicture, encodingsFor, PICTURE_SETTINGS, rgb565Of, type Encoding, type PictureSettings } from './image/encode-picture.ts';
import { sendPicture } from './image/send-picture.ts';
import { inkArea } from './ink-area.ts';
import { PenOption } from './models.ts';
import { nonVolatileWrites, type NonVolatileWrites } from './non-volatile.ts';
import type { PenCipher } from './pen-cipher.ts';
import { decodePenReport, type PenReportContext } from './pen-report.ts';
import type { ProbedPad } from './probe-pad.ts';
import { agreeByRsa, rsaKeyPair } from './rsa-exchange.ts';
import { StuSamples } from './stu-samples.ts';
import type { StuLink } from './stu-link.ts';
import { StuSession, type InkThreshold } from './stu-session.ts';
import { encryptionLimit, stuSourceInfo, thresholdLimit } from './stu-source-info.ts';

export interface StuSourceOptions {
  /** Whether samples are encrypted between pad and host where the model can. True by default. */
  encryption?: boolean;
  picture?: Partial<PictureSettings>;
  /** How pictures are sent; by default what `encodingsFor` finds best. */
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

/** In one report. */
const READINGS = 2;

type Keys = Awaited<ReturnType<typeof rsaKeyPair>>;

/** @param pad what `probePad` said of the same link. The source closes the link when it ends. */
export function stuSource(link: StuLink, pad: ProbedPad, options: StuSourceOptions = {}): AttachedPenSource {
  return new StuSource(link, pad, options);
}

class StuSource implements AttachedPenSource {
  readonly info: AttachedPenSource['info'];
  readonly pad: PadControls;
  readonly #link: StuLink;
  readonly #probed: ProbedPad;
  readonly #options: StuSourceOptions;
  readonly #session: StuSession;
  readonly #samples: StuSamples;
  readonly #context: PenReportContext;
  #state: 'new' | 'opening' | 'open' | 'ended' = 'new';
  #listener: PenListener | null = null;
  #onButton: ((id: string) => void) | null = null;
  #picture: PadPicture | null = null;
  /** The encoding that this pad was seen to take. */
  #encoding: Encoding | null = null;
  #recovered = false;
  #complete = true;
  #keys: Promise<Keys> | null = null;
  #encryptionLimit: string | null = null;
  #startedAt = 0;

  constructor(link: StuLink, pad: ProbedPad, options: StuSourceOptions) {
    this.#link = link;
    this.#probed = pad;
    this.#options = options;
    this.#session = new StuSession(link, options.pause);
    this.info = stuSourceInfo(pad, link.transport, new Date().toISOString());
    const { screenWidth, screenHeight, maxX, maxY } = pad.capability;
    const toPixels = [screenWidth / maxX, 0, 0, screenHeight / maxY, 0, 0] as const;
    this.#samples = new StuSamples(pad.penOption, this.info.channels, toPixels);
    this.#context = { option: ({ [PenOption.timeCount]: 'time', [PenOption.sequence]: 'sequence' } as const)[pad.penOption as 1 | 2] ?? null, capture: null };
    this.pad = {
      width: screenWidth, height: screenHeight, toPixels,
      show: (picture) => this.#show(picture),
      clear: () => this.#clear(),
      onButton: (listener) => { this.#onButton = listener; },
    };
    link.onReport((report, hostTime) => { this.#arrived(report, hostTime); });
    link.onEnd((why) => { this.#gone(why); });
  }

  /** @throws PenError also `PAD_REFUSED`: the pad is busy with something else and stays so, or refuses what it needs to be told */
  async open(listener: PenListener): Promise<void> {
    if (this.#state !== 'new') throw new PenError('PEN_ALREADY_OPEN', 'this pad was opened before; make a new source');
    this.#state = 'opening';
    try {
      await this.#session.exclusive(() => this.#prepare());
    } catch (error) {
      // it may have gone in the meantime, which ended it
      this.#end();
      await this.#link.close();
      throw error;
    }
    if (this.#now() === 'ended') throw new PenError('PEN_GONE', `The pad at ${this.#link.path} was unplugged while it was opened.`);
    this.info.openedAt = new Date().toISOString();
    this.#startedAt = Number(process.hrtime.bigint());
    this.#listener = listener;
    this.#state = 'open';
  }

  async close(): Promise<void> {
    const listener = this.#end();
    await this.#session.exclusive(() => this.#leave()).catch(() => undefined);
    await this.#link.close();
    listener?.ended(null);
  }

  findings(): PenFindings {
    const damaged = this.#link.damaged();
    const anomalies = { ...this.#samples.anomalies(), ...(damaged > 0 ? { damagedFrame: damaged } : {}) };
    return { losses: this.#samples.losses(), anomalies, reports: this.#samples.reports(), complete: this.#complete };
  }

  /** TypeScript would take what was assigned before an `await` for what is still so after it. */
  #now(): string {
    return this.#state;
  }

  /** @returns whom to tell, once */
  #end(): PenListener | null {
    const listener = this.#listener;
    this.#listener = null;
    this.#state = 'ended';
    return listener;
  }

  #gone(why: string): void {
    if (this.#state === 'ended') return;
    this.#complete = false;
    this.#end()?.ended(new PenError('PEN_GONE', `The pad at ${this.#link.path} is gone (${why}). Plug it in again and sign once more.`));
    void this.#link.close();
  }

  #arrived(report: Uint8Array, hostTime: number): void {
    if (this.#state !== 'open') return;
    const decoded = decodePenReport(report, this.#context);
    if (typeof decoded === 'string') {
      this.#samples.odd(decoded);
      return;
    }
    const { samples, pressed } = this.#samples.take(decoded, hostTime - this.#startedAt);
    if (samples.length > 0) this.#listener?.samples(samples);
    for (const id of pressed) this.#onButton?.(id);
    if (this.#samples.taken > MAX_BATCH - READINGS || this.#samples.reports().length >= MAX_REPORTS) this.#overflow();
  }

  #overflow(): void {
    this.#complete = false;
    this.#end()?.ended(new PenError('PEN_OVERFLOW', `${this.#samples.taken} samples came from the pad in one signature, more than a record may hold; sign again.`));
    void this.#session.exclusive(() => this.#leave()).catch(() => undefined).then(() => this.#link.close());
  }

  /** Everything that must be so before samples are taken. */
  async #prepare(): Promise<void> {
    const { model, penOption } = this.#probed;
    const session = this.#session;
    await this.#recover();
    if (penOption !== PenOption.none) await session.setPenOption(penOption);
    if (this.#options.inkThreshold !== undefined) await session.setInkThreshold(this.#options.inkThreshold);
    this.info.limits.push(thresholdLimit(await session.inkThreshold()));
    await this.#applySettings();
    if (model.displayArea && this.#picture === null) await session.setDisplayArea(this.#whole());
    await session.setInking(true);
    await this.#capture();
  }

  async #recover(): Promise<void> {
    if (!this.#recovered) await this.#session.recover();
    this.#recovered = true;
  }

  async #applySettings(): Promise<void> {
    const { brightness, contrast, background } = this.#options.settings ?? {};
    const { settings } = this.#probed.model;
    const write = (name: 'brightness' | 'contrast' | 'background16' | 'background24', value: number): Promise<boolean> =>
      this.#session.setForGood(name, value, this.#options.writes ?? nonVolatileWrites, `${this.#probed.attached.name} ${this.#probed.serialNumber ?? this.#link.path}`);
    if (settings.brightness && brightness !== undefined) await write('brightness', brightness);
    if (settings.brightness && contrast !== undefined) await write('contrast', contrast);
    if (background === undefined) return;
    const [red, green, blue] = background;
    if (settings.background24) await write('background24', (red << 16) | (green << 8) | blue);
    else if (settings.background16) await write('background16', rgb565Of(red, green, blue));
  }

  /** Begins to capture, encrypted where that is wanted and can be had. Says in `limits` how it came out. */
  async #capture(): Promise<void> {
    this.#samples.interrupted();
    const { encryption } = this.#probed.model;
    if (this.#options.encryption === false) {
      this.#sayEncryption(encryptionLimit('off', null));
      return;
    }
    try {
      const cipher = await this.#agree(encryption);
      const session = randomInt(1, 2 ** 32);
      this.#context.capture = { cipher, session };
      await this.#session.startCapture(session);
      this.#sayEncryption(encryptionLimit(encryption, null));
    } catch (error) {
      if (!(error instanceof PenError) || error.code === 'PEN_GONE') throw error;
      this.#context.capture = null;
      this.#sayEncryption(encryptionLimit(encryption, error.message));
    }
  }

  async #agree(encryption: 'dh' | 'rsa'): Promise<PenCipher> {
    if (encryption === 'dh') return agreeByDiffieHellman(this.#session);
    this.#keys ??= rsaKeyPair();
    return agreeByRsa(this.#session, await this.#keys);
  }

  /** One sentence for each way it was within this capture. */
  #sayEncryption(limit: string): void {
    if (limit !== this.#encryptionLimit && !this.info.limits.includes(limit)) this.info.limits.push(limit);
    this.#encryptionLimit = limit;
  }

  async #stopCapture(): Promise<void> {
    if (this.#context.capture === null) return;
    await this.#session.endCapture();
    this.#context.capture = null;
  }

  /** Leaves the pad as it should be found: at rest, with an empty screen. */
  async #leave(): Promise<void> {
    if (!this.#recovered) return;
    await this.#stopCapture();
    await this.#session.setInking(false);
    if (this.#probed.model.displayArea) await this.#session.setDisplayArea(this.#whole());
    if (this.#probed.penOption !== PenOption.none) await this.#session.setPenOption(PenOption.none);
    await this.#session.clearScreen();
  }

  #whole(): PadArea {
    return { x1: 0, y1: 0, x2: this.pad.width - 1, y2: this.pad.height - 1 };
  }

  #show(picture: PadPicture): Promise<void> {
    const { width, height, rgba } = picture;
    if (width !== this.pad.width || height !== this.pad.height || rgba.length !== 4 * width * height) {
      return Promise.reject(new PenError('PAD_PICTURE', `This pad shows ${this.pad.width} × ${this.pad.height} pixels of 4 bytes; the picture has `
        + `${width} × ${height}, and ${rgba.length} bytes.`));
    }
    return this.#interrupting(async () => {
      await this.#send(picture, null);
      if (this.#probed.model.displayArea) await this.#session.setDisplayArea(inkArea(picture));
      this.#picture = picture;
      this.#samples.buttons.set(picture.buttons);
    });
  }

  #clear(): Promise<void> {
    return this.#interrupting(async () => {
      const picture = this.#picture;
      if (picture === null) await this.#session.clearScreen();
      // only there is ink, and a part is sent sooner than the whole
      else await this.#send(picture, this.#probed.model.areas ? inkArea(picture) : null);
    });
  }

  /** Work on the screen, which a pad refuses while it captures. */
  #interrupting(work: () => Promise<void>): Promise<void> {
    return this.#session.exclusive(async () => {
      if (this.#state === 'ended') throw new PenError('PEN_GONE', `The pad at ${this.#link.path} is closed.`);
      await this.#recover();
      const capturing = this.#context.capture !== null;
      await this.#stopCapture();
      this.#samples.interrupted();
      try {
        await work();
      } finally {
        if (capturing && this.#now() !== 'ended') await this.#capture();
      }
    });
  }

  /** Falls back to a plainer encoding where the pad refuses the better one: what its capability says of zlib is not clear. */
  async #send(picture: PadPicture, area: PadArea | null): Promise<void> {
    const { encoding } = this.#options;
    const settings = { ...PICTURE_SETTINGS, ...this.#options.picture };
    const candidates = encoding !== undefined ? [encoding] : this.#encoding !== null ? [this.#encoding] : encodingsFor(this.#probed.capability.encodings, this.#link.transport);
    for (const [index, candidate] of candidates.entries()) {
      const data = encodePicture(picture.rgba, picture.width, area ?? this.#whole(), candidate, settings);
      try {
        await sendPicture(this.#session, data, candidate, area, this.#probed.blockSize);
        this.#encoding = candidate;
        return;
      } catch (error) {
        if (index === candidates.length - 1 || !(error instanceof PenError) || error.code !== 'PAD_REFUSED') throw error;
      }
    }
  }
}
