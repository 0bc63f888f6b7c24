/**
 * Commands to an ISDv4 tablet and its answers. Commands are one byte and are not acknowledged; a query is answered with an
 * 11-byte packet, and only while the tablet is stopped. Times as in Linux drivers/input/touchscreen/wacom_w8001.c: 250 ms after
 * a stop before asking, 1 s for an answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SerialLink } from '../serial-link.ts';

export const Command = { stop: 0x30, sample: 0x31, query: 0x2a, touchQuery: 0x25 } as const;

const AFTER_STOP_MS = 250;
const ANSWER_MS = 1_000;

export async function send(link: SerialLink, command: number): Promise<void> {
  await link.write(Uint8Array.of(command));
}

/** Stops the tablet and waits until it may be asked. @throws PenError `PEN_GONE` */
export async function stop(link: SerialLink): Promise<void> {
  await send(link, Command.stop);
  await sleep(AFTER_STOP_MS);
}

/** Where the answers to queries arrive, from whoever reads the line. */
export class Answers {
  #waiting: ((reply: Uint8Array | null) => void) | null = null;

  /** An answer came; one that nobody waits for is dropped. */
  arrived(reply: Uint8Array): void {
    this.#waiting?.(reply.slice());
    this.#waiting = null;
  }

  /** Asks a tablet that is stopped. @returns the 11 bytes, or null where it does not answer. @throws PenError `PEN_GONE` */
  async ask(link: SerialLink, query: number): Promise<Uint8Array | null> {
    const answered = new Promise<Uint8Array | null>((resolve) => { this.#waiting = resolve; });
    const late = setTimeout(() => { this.#waiting?.(null); this.#waiting = null; }, ANSWER_MS);
    try {
      await send(link, query);
      return await answered;
    } finally {
      clearTimeout(late);
      this.#waiting = null;
    }
  }
}
