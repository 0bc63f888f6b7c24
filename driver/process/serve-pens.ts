/**
 * The pen process: opens sources as the station orders, and sends it what they give.
 *
 * Before it: a `PenBackend`. After it: `RemotePens` in the station, over the channel of `child_process.fork`.
 *
 * It holds devices, not secrets: no keys, no files, no network. Nothing of a sample, no coordinate and no serial number is
 * ever logged. When the station goes away this process ends by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PenError } from '../errors.ts';
import type { AttachedPenSource } from '../pens.ts';
import type { PenFindings } from '../source.ts';
import { freeHeap } from './heap.ts';
import { OutgoingSamples, withoutReports } from './outgoing-samples.ts';
import { ALIVE_MS, FILLING_BYTES, type ErrorMessage, type News, type Order, type PenSettings } from './messages.ts';
import type { PenBackend } from './pen-backend.ts';

/** A device that is not let go within this time is not waited for any longer: opening it again will say what is wrong. */
const LET_GO_MS = 5_000;

interface Served {
  source: AttachedPenSource;
  pen: string;
  samples: OutgoingSamples;
  /** Overrules what the source itself found: it was cut off here. */
  cut: PenError | null;
  /** The device is being let go. */
  closing: Promise<void> | null;
}

/**
 * Waits for `start`, then serves.
 * @param backendOf makes what is served from the settings of the station
 * @param channel `process` of a forked child
 */
export function servePens(backendOf: (settings: PenSettings, log: (line: string) => void) => PenBackend, channel: NodeJS.Process): void {
  const send = (news: News): void => {
    if (channel.connected) channel.send!(news, undefined, undefined, () => { /* a station that is gone is told by `disconnect` */ });
  };
  let server: PenServer | null = null;
  // by the event loop that reads the devices: one that stands still is noticed, over the very first device too
  send({ type: 'alive' });
  // after what one before it sent, that was killed in the midst of a stroke
  send({ type: 'filling', zeros: new Uint8Array(FILLING_BYTES) });
  setInterval(() => { send({ type: 'alive' }); }, ALIVE_MS).unref();
  channel.on('disconnect', () => { channel.exit(0); });
  channel.on('message', (order: Order) => {
    if (order.type === 'start') {
      server = new PenServer(backendOf(order.settings, (line) => { send({ type: 'log', line }); }), send);
      void server.start();
    } else if (order.type === 'stop') {
      void (server?.stop() ?? Promise.resolve()).finally(() => { channel.exit(0); });
    } else {
      void server?.obey(order);
    }
  });
}

class PenServer {
  readonly #backend: PenBackend;
  readonly #send: (news: News) => void;
  readonly #served = new Map<number, Served>();
  /** Being opened; true: to be closed as soon as it is open. */
  readonly #opening = new Map<number, boolean>();
  /** Devices that a source is being made for, or holds. */
  readonly #held = new Set<string>();
  /** Devices whose source has ended and that are not let go yet: a serial port is still locked, a pad is still being emptied. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(backend: PenBackend, send: (news: News) => void) {
    this.#backend = backend;
    this.#send = send;
  }

  async start(): Promise<void> {
    this.#backend.onInterrupted((why) => { for (const number of this.#served.keys()) this.#cutOff(number, why); });
    await this.#backend.watch((pens) => { this.#send({ type: 'pens', pens }); });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#served.values()].map(close));
    await Promise.all(this.#leaving.values());
    await this.#backend.stop();
  }

  async obey(order: Exclude<Order, { type: 'start' | 'stop' }>): Promise<void> {
    switch (order.type) {
      case 'open': return this.#open(order.source, order.pen);
      case 'close': return this.#close(order.source);
      case 'taken': this.#served.get(order.source)?.samples.taken(order.next); return;
      case 'show': return this.#answer(order, (pad) => pad.show(order.picture));
      case 'clear': return this.#answer(order, (pad) => pad.clear());
    }
  }

  async #open(number: number, pen: string): Promise<void> {
    let served: Served | null = null;
    const held = this.#held.has(pen);
    try {
      if (held) throw new PenError('PEN_CLAIMED', 'Another capture of this station reads this pen; it is free again when that ended.');
      this.#held.add(pen);
      this.#opening.set(number, false);
      // who signs again at once finds the device free
      await this.#leaving.get(pen);
      served = this.#serve(number, pen, await this.#backend.source(pen));
      await served.source.open({
        samples: (samples) => { this.#samples(number, samples); },
        ended: (error) => { this.#ended(number, error); },
      });
      this.#opened(number, served);
    } catch (error) {
      this.#opening.delete(number);
      this.#served.delete(number);
      if (served !== null) await close(served);
      if (!held) this.#held.delete(pen);
      this.#send({ type: 'refused', source: number, error: asMessage(error), info: served?.source.info ?? null });
    }
  }

  #serve(number: number, pen: string, source: AttachedPenSource): Served {
    const served: Served = {
      source, pen, cut: null, closing: null,
      samples: new OutgoingSamples(number, () => this.#findings(served), (message) => { this.#send(message); }),
    };
    this.#served.set(number, served);
    source.pad?.onButton((id) => { this.#send({ type: 'button', source: number, id }); });
    return served;
  }

  #opened(number: number, served: Served): void {
    const { info, pad } = served.source;
    const { width, height, toPixels } = pad ?? {};
    const findings = this.#findings(served);
    this.#send({
      type: 'opened', source: number, info, findings: withoutReports(findings), reports: findings.reports !== null,
      pad: pad === null ? null : { width: width!, height: height!, toPixels: toPixels! },
    });
    const close = this.#opening.get(number) === true;
    this.#opening.delete(number);
    if (close) void this.#close(number);
  }

  async #close(number: number): Promise<void> {
    if (this.#opening.has(number)) {
      this.#opening.set(number, true);
      return;
    }
    const served = this.#served.get(number);
    if (served !== undefined) await close(served);
    this.#send({ type: 'closed', source: number });
  }

  #samples(number: number, samples: Parameters<OutgoingSamples['add']>[0]): void {
    const served = this.#served.get(number);
    if (served === undefined || served.cut !== null) return;
    this.#backend.busy();
    if (served.samples.add(samples)) return;
    this.#cutOff(number, new PenError('PEN_OVERFLOW', 'The station took no samples for too long; sign again.'));
  }

  /** Ends a source from here. What it had given before goes to the station first. */
  #cutOff(number: number, why: PenError): void {
    const served = this.#served.get(number);
    if (served === undefined) return;
    served.cut = why;
    void close(served);
  }

  #ended(number: number, error: PenError | null): void {
    const served = this.#served.get(number);
    if (served === undefined) return;
    this.#served.delete(number);
    this.#held.delete(served.pen);
    this.#leave(served);
    served.samples.flush();
    const why = served.cut ?? error;
    this.#send({
      type: 'ended', source: number, error: why === null ? null : asMessage(why), info: served.source.info,
      findings: withoutReports(this.#findings(served)), samples: served.samples.count,
    });
    this.#send({ type: 'filling', zeros: new Uint8Array(FILLING_BYTES) });
    // the station has them
    for (const report of served.source.findings().reports ?? []) report.bytes.fill(0);
    freeHeap();
  }

  #leave(served: Served): void {
    const { pen } = served;
    // a source tells its end in the midst of `close`, too
    const closed = Promise.resolve().then(() => close(served));
    const leaving = Promise.race([closed, sleep(LET_GO_MS, undefined, { ref: false })]).finally(() => { if (this.#leaving.get(pen) === leaving) this.#leaving.delete(pen); });
    this.#leaving.set(pen, leaving);
  }

  #findings({ source, cut }: Served): PenFindings {
    const findings = source.findings();
    return cut === null ? findings : { ...findings, complete: false };
  }

  async #answer({ source, call }: { source: number; call: number }, work: (pad: NonNullable<AttachedPenSource['pad']>) => Promise<void>): Promise<void> {
    try {
      const pad = this.#served.get(source)?.source.pad;
      if (pad === null || pad === undefined) throw new PenError('PEN_GONE', 'The signature pad is not open any more.');
      await work(pad);
      this.#send({ type: 'answer', source, call, error: null });
    } catch (error) {
      this.#send({ type: 'answer', source, call, error: asMessage(error) });
    }
  }
}

/** Once, whoever asks; resolves when the device is let go. */
function close(served: Served): Promise<void> {
  served.closing ??= served.source.close().catch(() => undefined);
  return served.closing;
}

function asMessage(error: unknown): ErrorMessage {
  if (error instanceof PenError) return { code: error.code, message: error.message };
  return { code: 'PEN_SILENT', message: `The pen cannot be read: ${error instanceof Error ? error.message : String(error)}.` };
}
