/**
 * The screen of a signature pad that another process drives.
 * Before it: `RemoteSource`. After it: `serve-pens.ts`, where `#driver/stu` does what is asked.
 */
import { PenError } from '../errors.ts';
import type { PadControls, PadPicture } from '../pad.ts';
import type { ErrorMessage, Order, PadMessage } from './messages.ts';

type Matrix = PadControls['toPixels'];

export class RemotePad implements PadControls {
  /** 0 until it is known: from the model at once, or from the pad when it is open. */
  width: number;
  height: number;
  /** Known once the pad is open; until then coordinates stay as they are. */
  toPixels: Matrix = [1, 0, 0, 1, 0, 0];
  readonly #source: number;
  readonly #send: (order: Order) => boolean;
  readonly #calls = new Map<number, PromiseWithResolvers<void>>();
  #lastCall = 0;
  #open = false;
  #onButton: ((id: string) => void) | null = null;

  constructor(source: number, size: { width: number; height: number } | null, send: (order: Order) => boolean) {
    this.#source = source;
    this.#send = send;
    this.width = size?.width ?? 0;
    this.height = size?.height ?? 0;
  }

  show(picture: PadPicture): Promise<void> {
    return this.#call((call) => ({ type: 'show', source: this.#source, call, picture }));
  }

  clear(): Promise<void> {
    return this.#call((call) => ({ type: 'clear', source: this.#source, call }));
  }

  onButton(listener: (id: string) => void): void {
    this.#onButton = listener;
  }

  opened({ width, height, toPixels }: PadMessage): void {
    this.width = width;
    this.height = height;
    this.toPixels = toPixels;
    this.#open = true;
  }

  pressed(id: string): void {
    this.#onButton?.(id);
  }

  answered(call: number, error: ErrorMessage | null): void {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    if (error === null) waiting?.resolve();
    else waiting?.reject(new PenError(error.code, error.message));
  }

  /** Nothing is answered any more. */
  gone(): void {
    this.#open = false;
    for (const waiting of this.#calls.values()) waiting.reject(notOpen());
    this.#calls.clear();
  }

  #call(order: (call: number) => Order): Promise<void> {
    const call = ++this.#lastCall;
    if (!this.#open || !this.#send(order(call))) return Promise.reject(notOpen());
    const waiting = Promise.withResolvers<void>();
    this.#calls.set(call, waiting);
    return waiting.promise;
  }
}

function notOpen(): PenError {
  return new PenError('PEN_GONE', 'The signature pad is not open.');
}
