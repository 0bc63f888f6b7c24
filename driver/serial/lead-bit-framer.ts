/**
 * Cuts a byte stream into packets where only the first byte of a packet has its highest bit set: ISDv4 and Topaz.
 *
 * Before it: `SerialLink`. After it: the decoders. These protocols have no checksum, so a flipped bit among the low seven goes
 * unnoticed; what is noticed is every packet that is too short (`broken`) and every byte that belongs to none (`strayBytes`).
 * Garbage costs at most the packet it fell into: the next first byte starts anew.
 */
export const LEAD_BIT = 0x80;

export interface FramerListener {
  /** A whole packet; the bytes are used again after the call. */
  packet(bytes: Uint8Array, hostTime: number): void;
  /** A packet that another one cut short; the bytes are used again after the call. */
  broken(bytes: Uint8Array, hostTime: number): void;
}

export class LeadBitFramer {
  readonly #listener: FramerListener;
  readonly #lengths: (lead: number) => readonly number[];
  readonly #packet: Uint8Array;
  #filled = 0;
  #hostTime = 0;
  #whole: readonly number[] = [];
  #longest = 0;
  /** Bytes that came before a first byte, or after the end of a packet. */
  strayBytes = 0;

  /**
   * @param maxLength of any packet
   * @param lengths that a packet with this first byte may have, ascending. With more than one, it ends with the first byte of the next packet
   */
  constructor(maxLength: number, lengths: (lead: number) => readonly number[], listener: FramerListener) {
    this.#packet = new Uint8Array(maxLength);
    this.#lengths = lengths;
    this.#listener = listener;
  }

  push(bytes: Uint8Array, hostTime: number): void {
    for (let index = 0; index < bytes.length; index++) this.#take(bytes[index]!, hostTime);
  }

  /** Hands over what is whole and still waits for the next packet to end it; for the end of the stream. */
  end(): void {
    this.#finish();
  }

  #take(byte: number, hostTime: number): void {
    if (byte >= LEAD_BIT) {
      this.#finish();
      this.#whole = this.#lengths(byte);
      this.#longest = this.#whole.at(-1)!;
    } else if (this.#filled === 0) {
      this.strayBytes++;
      return;
    }
    this.#packet[this.#filled++] = byte;
    this.#hostTime = hostTime;
    if (this.#filled === this.#longest) this.#finish();
  }

  #finish(): void {
    if (this.#filled === 0) return;
    const packet = this.#packet.subarray(0, this.#filled);
    this.#filled = 0;
    if (this.#whole.includes(packet.length)) this.#listener.packet(packet, this.#hostTime);
    else this.#listener.broken(packet, this.#hostTime);
  }
}
