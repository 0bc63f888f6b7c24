/**
 * The pen process: opens sources as the station orders, and sends it what they give.
 *
 * Before it: a `PenBackend`. After it: `RemotePens` in the station, over the channel of `child_process.fork`.
 *
 * It holds devices, not secrets: no keys, no files, no network. Nothing of a sample, no coordinate and no serial number is
 * ever logged. When the station goes away this process ends by itself.
 */
import { PenError } from '../errors.ts';
import type { AttachedPenSource } from '../pens.ts';
import type { PenFindings } from '../source.ts';
import { OutgoingSamples, withoutReports } from './outgoing-samples.ts';
import type { ErrorMessage, News, Order, PenSettings } from './messages.ts';
import type { PenBackend } from './pen-backend.ts';

interface Served {
  source: AttachedPenSource;
  pen: string;
  samples: OutgoingSamples;
  /** Overrules what the source itself found: it was cut off here. */
  cut: PenError | null;
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

  constructor(backend: PenBackend, send: (news: News) => void) {
    this.#backend = backend;
    this.#send = send;
  }

  async start(): Promise<void> {
    this.#backend.onInterrupted((why) => { for (const number of this.#served.keys()) this.#cutOff(number, why); });
    await this.#backend.watch((pens) => { this.#send({ type: 'pens', pens }); });
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.#served.values()].map(({ source }) => source.close()));
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
      served = this.#serve(number, pen, await this.#backend.source(pen));
      await served.source.open({
        samples: (samples) => { this.#samples(number, samples); },
        ended: (error) => { this.#ended(number, error); },
      });
      this.#opened(number, served);
    } catch (error) {
      if (!held) this.#held.delete(pen);
      this.#opening.delete(number);
      this.#served.delete(number);
      await served?.source.close().catch(() => undefined);
      this.#send({ type: 'refused', source: number, error: asMessage(error), info: served?.source.info ?? null });
    }
  }

  #serve(number: number, pen: string, source: AttachedPenSource): Served {
    const served: Served = {
      source, pen, cut: null,
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
    await this.#served.get(number)?.source.close().catch(() => undefined);
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
    void served.source.close().catch(() => undefined);
  }

  #ended(number: number, error: PenError | null): void {
    const served = this.#served.get(number);
    if (served === undefined) return;
    this.#served.delete(number);
    this.#held.delete(served.pen);
    served.samples.flush();
    const why = served.cut ?? error;
    this.#send({
      type: 'ended', source: number, error: why === null ? null : asMessage(why), info: served.source.info,
      findings: withoutReports(this.#findings(served)), samples: served.samples.count,
    });
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

function asMessage(error: unknown): ErrorMessage {
  if (error instanceof PenError) return { code: error.code, message: error.message };
  return { code: 'PEN_SILENT', message: `The pen cannot be read: ${error instanceof Error ? error.message : String(error)}.` };
}
