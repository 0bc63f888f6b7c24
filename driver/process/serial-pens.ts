/**
 * A serial port that the settings name, as an attached pen. A serial port does not say what is on it, so nothing is read that
 * is not named.
 * Before it: the station's settings. After it: `attached-pens.ts`.
 */
import { existsSync } from 'node:fs';
import type { AttachedKind, AttachedPen, AttachedPenSource } from '../pens.ts';
import { isdv4Source } from '../serial/isdv4/isdv4-source.ts';
import { ISDV4_BAUD_RATES, describeIsdv4, probeIsdv4, type Isdv4Pen } from '../serial/isdv4/probe-isdv4.ts';
import { openSerial } from '../serial/open-serial.ts';
import { TOPAZ_SERIAL, describeTopaz, topazSource } from '../serial/topaz/topaz-source.ts';
import { AskedOnce } from './asked-once.ts';
import type { SerialPort, StuSettings } from './messages.ts';
import { askPad, openPad, serialPad, type PadAnswer } from './open-stu.ts';

type Told = PadAnswer;
type Asked = AskedOnce<{ told: Told; isdv4: Isdv4Pen | null }>;

const KINDS: Record<SerialPort['protocol'], AttachedKind> = { isdv4: 'isdv4', stu: 'stu-serial', topaz: 'topaz' };
const TOPAZ: Told = { ...describeTopaz(), pad: null };
const NAMES: Record<SerialPort['protocol'], string> = { isdv4: 'ISDv4 pen', stu: 'Wacom STU signature pad', topaz: TOPAZ.name };
const ADVICE = 'Switch the pen on, and check its cable and the port in the settings.';

export class SerialPen {
  readonly id: string;
  readonly #port: SerialPort;
  readonly #stu: StuSettings;
  #there = false;
  #asked: Asked;

  constructor(port: SerialPort, stu: StuSettings) {
    this.#port = port;
    this.#stu = stu;
    this.id = `${KINDS[port.protocol]}-${port.path}`;
    this.#asked = this.#unasked();
  }

  pen(): AttachedPen {
    const { protocol, path } = this.#port;
    // what cannot be asked is what the settings say
    const told = protocol === 'topaz' ? TOPAZ : this.#asked.answer?.told;
    const absent = { code: 'PEN_GONE', message: `There is no serial port ${path}.`, advice: 'Plug the pen or its adapter in, or correct the port in the settings; "npx countersign doctor" names those that are there.' } as const;
    return {
      id: this.id, kind: KINDS[protocol], name: told?.name ?? NAMES[protocol], vendorId: null, productId: null, serialNumber: null, bus: 'serial',
      layout: 'protocol', gives: told?.gives ?? null, pad: told?.pad ?? null, problem: this.#there ? this.#asked.problem : absent,
    };
  }

  /** Looks whether the port is there, and asks what is on it where that was not done yet. `changed` is called when `pen()` may have. */
  look(changed: () => void): void {
    const there = process.platform === 'win32' || existsSync(this.#port.path);
    if (there !== this.#there) this.#asked = this.#unasked();
    this.#there = there;
    if (there && this.#port.protocol !== 'topaz') void this.#asked.ask().then((news) => { if (news) changed(); });
  }

  /** @throws PenError */
  async source(): Promise<AttachedPenSource> {
    const asked = this.#asked;
    // asking and reading at once would be two openers of one port
    const use = await asked.use();
    try {
      return await this.#open(asked);
    } finally {
      use.done();
    }
  }

  async #open(asked: Asked): Promise<AttachedPenSource> {
    const { path, protocol, baudRate } = this.#port;
    if (protocol === 'stu') {
      return openPad(await serialPad(path, baudRate, this.#stu), null, this.#stu, (told) => { asked.told({ told, isdv4: null }); });
    }
    if (protocol === 'topaz') return topazSource(await openSerial(path, { ...TOPAZ_SERIAL, baudRate: baudRate ?? TOPAZ_SERIAL.baudRate }));
    const link = await openSerial(path, { baudRate: asked.answer?.isdv4?.baudRate ?? baudRate ?? ISDV4_BAUD_RATES[0] });
    try {
      const isdv4 = asked.answer?.isdv4 ?? await probeIsdv4(link);
      asked.told({ told: { ...describeIsdv4(isdv4), pad: null }, isdv4 });
      return isdv4Source(link, isdv4);
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  #unasked(): Asked {
    return new AskedOnce(() => this.#ask(), ADVICE);
  }

  async #ask(): Promise<{ told: Told; isdv4: Isdv4Pen | null }> {
    const { path, protocol, baudRate } = this.#port;
    if (protocol === 'stu') return { told: await askPad(await serialPad(path, baudRate, this.#stu), null), isdv4: null };
    const link = await openSerial(path, { baudRate: baudRate ?? ISDV4_BAUD_RATES[0] });
    try {
      const isdv4 = await probeIsdv4(link);
      return { told: { ...describeIsdv4(isdv4), pad: null }, isdv4 };
    } finally {
      await link.close();
    }
  }
}
