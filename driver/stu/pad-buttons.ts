/**
 * Buttons on a pad's screen: places in the picture, told from ink by where a contact begins.
 *
 * A contact that begins inside a button belongs to it until it lifts, wherever it goes: it is no ink. It is a press where it
 * lifts inside the same button, so that a guest who slips off one can think again. A contact that begins elsewhere is ink,
 * also where it runs across a button.
 */
import type { PadArea, PadPicture } from '../pad.ts';

type Button = PadPicture['buttons'][number];

export class PadButtons {
  #buttons: readonly Button[] = [];
  /** Of the contact that goes on: the button it began in, null where it is ink; undefined: no contact. */
  #contact: Button | null | undefined;
  #inside = false;

  /** Takes effect with the next contact. */
  set(buttons: readonly Button[]): void {
    this.#buttons = buttons;
  }

  /** Nobody saw whether the pen lifted: a contact that goes on presses nothing. */
  interrupted(): void {
    this.#contact = null;
  }

  /**
   * @param x and @param y in pixels of the pad. @param touching the pen touches
   * @returns whether the sample is ink (or above the surface), and the button that was pressed with it
   */
  next(x: number, y: number, touching: boolean): { ink: boolean; pressed: string | null } {
    if (!touching) {
      const pressed = this.#contact && this.#inside ? this.#contact.id : null;
      this.#contact = undefined;
      return { ink: true, pressed };
    }
    if (this.#contact === undefined) this.#contact = this.#buttons.find(({ area }) => within(area, x, y)) ?? null;
    this.#inside = this.#contact !== null && within(this.#contact.area, x, y);
    return { ink: this.#contact === null, pressed: null };
  }
}

function within({ x1, y1, x2, y2 }: PadArea, x: number, y: number): boolean {
  return x >= x1 && x < x2 + 1 && y >= y1 && y < y2 + 1;
}
