/**
 * Which end of the pen it is. ISDv4 has one bit (0x04) for two things, the eraser and the second side switch, and the kernel
 * tells them apart by its history (drivers/input/touchscreen/wacom_w8001.c, report_pen_events): set when the pen comes into
 * proximity, it is the eraser; set later, the second side switch; gone while an eraser was assumed, it was the switch all along.
 *
 * The kernel then fakes that the eraser left and a pen came. Nothing is faked here: there is one sample for each packet, the
 * switches change with the packet that told, and `revoked` counts it. What was handed over as eraser before stays so.
 */
import { Switch } from '#biometrics/sample.ts';
import type { PenSwitches } from './packets.ts';

export class EraserRule {
  #eraser = false;
  #inProximity = false;
  /** How often an assumed eraser turned out to be a pen. */
  revoked = 0;

  /**
   * @returns bits of `Switch`. Of an eraser `invert` is set, its contact is `eraser`, and `tip` is not, as HID pens have it
   * (HUT, Digitizers page, 0x3C and 0x45)
   */
  next({ tip, side, second, proximity }: PenSwitches): number {
    if (proximity && !this.#inProximity) this.#eraser = second;
    else if (proximity && this.#eraser && !second) {
      this.#eraser = false;
      this.revoked++;
    }
    const eraser = this.#eraser && second;
    this.#inProximity = proximity;
    if (!proximity) this.#eraser = false;
    return (proximity ? Switch.inRange : 0) | (side ? Switch.barrel : 0)
      | (eraser ? Switch.invert | (tip ? Switch.eraser : 0) : (tip ? Switch.tip : 0) | (second ? Switch.secondaryBarrel : 0));
  }
}
