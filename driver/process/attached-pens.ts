/**
 * Everything attached to this machine that a pen process can read: HID pens and pads that are found, serial pens that are named.
 * Before it: `../hid/`, `../stu/`, `../serial/`. After it: `serve-pens.ts`.
 */
import { PenError } from '../errors.ts';
import { attachedHids, type AttachedHid } from '../hid/attached-hid.ts';
import type { HidDevice } from '../hid/hid-device.ts';
import { loadHid, type HidLibrary } from '../hid/hid-library.ts';
import type { HidLink } from '../hid/hid-link.ts';
import { HidSource } from '../hid/hid-source.ts';
import { linuxDevices, type LinuxPaths } from '../hid/linux-devices.ts';
import { listedDevices } from '../hid/listed-devices.ts';
import { openHid } from '../hid/open-hid.ts';
import { watchDevices, type DeviceWatch } from '../hid/watch-devices.ts';
import type { AttachedPen, AttachedPenSource } from '../pens.ts';
import type { PenSettings } from './messages.ts';
import { hidStuLink } from '../stu/hid-stu-link.ts';
import { AskedOnce } from './asked-once.ts';
import { askPad, openPad, type PadAnswer } from './open-stu.ts';
import type { PenBackend } from './pen-backend.ts';
import { SerialPen } from './serial-pens.ts';
import { watchSleep } from './sleep-watch.ts';

const PAD_ADVICE = 'Unplug the pad and plug it in again; close other programs that use it.';

export class AttachedPens implements PenBackend {
  readonly #settings: PenSettings;
  readonly #log: (line: string) => void;
  readonly #paths: LinuxPaths | undefined;
  readonly #serial: SerialPen[];
  #library: Promise<HidLibrary> | null = null;
  #hids: AttachedHid[] = [];
  /** Signature pads by id, asked what they give. */
  readonly #pads = new Map<string, AskedOnce<PadAnswer>>();
  #changed: (pens: AttachedPen[]) => void = () => undefined;
  #told = '';
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #watch: DeviceWatch | null = null;
  #endSleepWatch: (() => void) | null = null;
  #onInterrupted: ((why: PenError) => void) | null = null;
  #saidNoLibrary = false;

  /** @param paths as `linuxDevices` */
  constructor(settings: PenSettings, log: (line: string) => void, paths?: LinuxPaths) {
    this.#settings = settings;
    this.#log = log;
    this.#paths = paths;
    this.#serial = settings.serial.map((port) => new SerialPen(port, settings.stu ?? {}));
  }

  async watch(changed: (pens: AttachedPen[]) => void): Promise<void> {
    this.#changed = changed;
    this.#watch = watchDevices(() => { void this.#look(); });
    this.#endSleepWatch = watchSleep(() => { this.#woke(); });
    await this.#look();
  }

  async source(id: string): Promise<AttachedPenSource> {
    const serial = this.#serial.find((one) => one.id === id);
    if (serial !== undefined) return serial.source();
    // a path is given to the next device that is plugged in: what is opened must be what was asked for. Elsewhere looking is slow
    if (process.platform === 'linux') await this.#look();
    const attached = this.#hids.find(({ pen }) => pen.id === id);
    if (attached === undefined) throw new PenError('PEN_GONE', 'This pen is not attached any more; plug it in again.');
    const { pen, device, layout } = attached;
    if (pen.kind === 'stu-hid') return this.#padSource(attached);
    if (layout === null) throw new PenError('PEN_LAYOUT_UNKNOWN', `${pen.name} cannot be read. ${pen.problem?.message ?? ''} ${pen.problem?.advice ?? ''}`);
    return new HidSource({ device, descriptor: layout.descriptor, layoutSource: layout.source, open: () => this.#open(attached) });
  }

  onInterrupted(listener: (why: PenError) => void): void {
    this.#onInterrupted = listener;
  }

  busy(): void {
    this.#watch?.busy();
  }

  stop(): Promise<void> {
    this.#watch?.stop();
    this.#endSleepWatch?.();
    return Promise.resolve();
  }

  #woke(): void {
    this.#onInterrupted?.(new PenError('PEN_GONE', 'The computer slept while the pen was open; sign again.'));
    void this.#look();
  }

  /** One look at a time; what happens meanwhile causes another. */
  async #look(): Promise<void> {
    if (this.#looking !== null) {
      this.#lookAgain = true;
      return this.#looking;
    }
    this.#looking = this.#lookNow().finally(() => { this.#looking = null; });
    await this.#looking;
    if (this.#lookAgain) {
      this.#lookAgain = false;
      await this.#look();
    }
  }

  async #lookNow(): Promise<void> {
    this.#hids = attachedHids(await this.#devices(), process.platform);
    for (const id of this.#pads.keys()) if (!this.#hids.some(({ pen }) => pen.id === id)) this.#pads.delete(id);
    // a device that is asked takes seconds: what is known already is told before it answers
    for (const pen of this.#serial) pen.look(() => { this.#tell(); });
    for (const attached of this.#hids) {
      if (attached.pen.kind === 'stu-hid' && attached.pen.problem === null && this.#settings.leavePads !== true) void this.#pad(attached).ask().then((news) => { if (news) this.#tell(); });
    }
    this.#tell();
  }

  #pad(attached: AttachedHid): AskedOnce<PadAnswer> {
    const { id } = attached.pen;
    const asked = this.#pads.get(id) ?? new AskedOnce(async () => askPad(hidStuLink(await this.#open(attached)), attached.device.productId), PAD_ADVICE);
    this.#pads.set(id, asked);
    return asked;
  }

  async #padSource(attached: AttachedHid): Promise<AttachedPenSource> {
    const asked = this.#pad(attached);
    // two who talk to one pad at once would get each other's answers
    const use = await asked.use();
    try {
      const link = hidStuLink(await this.#open(attached));
      return await openPad(link, attached.device.productId, this.#settings.stu ?? {}, (answer) => { asked.told(answer); });
    } finally {
      use.done();
    }
  }

  async #open({ device, pen }: AttachedHid): Promise<HidLink> {
    return openHid(await this.#hid(), device.path, pen.name);
  }

  async #devices(): Promise<HidDevice[]> {
    if (process.platform === 'linux') return linuxDevices(this.#paths);
    try {
      return listedDevices(await (await this.#hid()).devicesAsync());
    } catch (error) {
      if (!this.#saidNoLibrary) this.#log((error as Error).message);
      this.#saidNoLibrary = true;
      return [];
    }
  }

  #hid(): Promise<HidLibrary> {
    this.#library ??= loadHid();
    return this.#library;
  }

  #asListed({ pen }: AttachedHid): AttachedPen {
    const asked = this.#pads.get(pen.id);
    return { ...pen, ...asked?.answer, problem: pen.problem ?? asked?.problem ?? null };
  }

  #tell(): void {
    const pens = [...this.#hids.map((attached) => this.#asListed(attached)), ...this.#serial.map((pen) => pen.pen())];
    const said = JSON.stringify(pens);
    if (said === this.#told) return;
    this.#told = said;
    this.#changed(pens);
  }
}
