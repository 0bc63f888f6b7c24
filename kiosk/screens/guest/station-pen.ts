/**
 * A pen or signature pad that the station reads. Its ink comes for showing only: the samples never enter this page, and
 * "Done" names the attempt instead of carrying them.
 */
import type { Sample } from '#biometrics/sample.ts';
import type { StationCapture } from '#kiosk/protocol/routes.ts';
import type { AttemptListener, AttemptPen, Place } from './attempt-pen.ts';
import type { PenLink } from './pen-link.ts';
import { placeOnDisplay } from './place-on-display.ts';

export class StationPen implements AttemptPen {
  readonly widthFromSpeed = false;
  readonly #link: PenLink;
  readonly #about: { request: string; language: string };
  readonly #place: Place;
  #attempt = 0;

  constructor(link: PenLink, about: { request: string; language: string }, place: Place) {
    this.#link = link;
    this.#about = about;
    this.#place = place;
  }

  open(listener: AttemptListener): void {
    const { left, top, width, height } = this.#place.box;
    const surface = { left, top, width, height };
    this.#attempt = this.#link.begin({ ...this.#about, surface, screen: placeOnDisplay(window), toPage: this.#place.toPage }, listener);
  }

  capture(): { header: StationCapture; samples: Sample[] } {
    return { header: { reads: 'station', attempt: this.#attempt }, samples: [] };
  }

  close(): void {
    this.#link.end(this.#attempt);
  }
}
