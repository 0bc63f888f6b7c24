/**
 * Where the viewport lies on the display, in CSS pixels: a pen of its own reports places on the display. CSSOM View,
 * sections 4 and 4.3; pure, works on anything shaped like a window.
 *
 * Exact where the window has no frame, as in the shell, in kiosk mode and in full screen. In a framed window the frame
 * is taken to be as wide at the bottom as at the sides, and everything else to be above the page: developer tools or
 * side bars beside the page are not seen, nor is page zoom. Where the system keeps a side bar on a second display, its
 * width may be missing.
 */
import type { DisplayPlace } from '#kiosk/protocol/messages.ts';

export interface WindowOnDisplay {
  readonly screenX: number;
  readonly screenY: number;
  readonly outerWidth: number;
  readonly outerHeight: number;
  readonly innerWidth: number;
  readonly innerHeight: number;
  readonly devicePixelRatio: number;
  readonly screen: {
    readonly width: number;
    readonly height: number;
    readonly availWidth: number;
    readonly availHeight: number;
    /** Where the usable part of the display begins on the desktop of all displays. Not in every browser. */
    readonly availLeft?: number;
    readonly availTop?: number;
    readonly orientation: { readonly angle: number };
  };
}

export function placeOnDisplay(view: WindowOnDisplay): DisplayPlace {
  const { width, height, availWidth, availHeight, availLeft = 0, availTop = 0 } = view.screen;
  const frame = Math.max(0, (view.outerWidth - view.innerWidth) / 2);
  const above = Math.max(0, view.outerHeight - view.innerHeight - frame);
  return {
    left: view.screenX + frame - displayStart(availLeft, availWidth, width),
    top: view.screenY + above - displayStart(availTop, availHeight, height),
    width,
    height,
    devicePixelRatio: view.devicePixelRatio,
    orientation: view.screen.orientation.angle,
  };
}

/**
 * Where the display begins on the desktop of all displays. A task bar takes its share at one end and does not say which:
 * of the two places that are possible, 0 is the main display's.
 */
function displayStart(availStart: number, availLength: number, length: number): number {
  return availStart - (length - availLength) === 0 ? 0 : availStart;
}
