/** Which pen draws in a new attempt: the recorded one of "try it", else whoever the station says reads the pen. */
import type { Capture } from '#biometrics/capture.ts';
import type { AttemptPen, Place } from './attempt-pen.ts';
import type { PenLink } from './pen-link.ts';
import { PlayedPen } from './played-pen.ts';
import { ScreenPen } from './screen-pen.ts';
import { StationPen } from './station-pen.ts';
import type { Station } from './step.ts';
import { RAW_UPDATE } from './use-station.ts';

export interface PenChoice {
  station: Station;
  recording: Capture | null;
  link: PenLink;
  about: { request: string; language: string };
}

/** @returns null where no pen may sign */
export function penFor({ station, recording, link, about }: PenChoice, surface: HTMLElement, place: Place): AttemptPen | null {
  if (recording !== null) return new PlayedPen(recording, place);
  const { pen, instruments, times } = station;
  switch (pen.reads) {
    case 'station': return new StationPen(link, about, place);
    case 'screen': return new ScreenPen(surface, place, { instruments, touchBeforePen: times.touchBeforePen, rawUpdate: RAW_UPDATE });
    case 'nobody': return null;
  }
}

/** Another text stands for another pen. The language counts where the pad's own screen speaks it. */
export function penKeyOf({ station: { pen, instruments }, about }: PenChoice): string {
  return pen.reads === 'station' ? `station ${pen.name} ${pen.where === 'pad' ? about.language : ''}` : `${pen.reads} ${instruments}`;
}
