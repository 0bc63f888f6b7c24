/**
 * The examiner's page: a packet and a private key go in, the signature is replayed in real time. Offline, from
 * disk, in any current browser; the policy in `index.html` lets nothing out.
 *
 * Before it: `build-page.ts` puts all of this into one file. After it: a person who looks.
 */
import './page.css';
import { replayOf } from '../replay.ts';
import { element } from './element.ts';
import { awaitEvidence } from './opening.ts';
import { Playback, SPEEDS } from './playback.ts';
import { drawMoment, type View } from './stage.ts';
import { fillTables } from './tables.ts';

const opened = await awaitEvidence();
const replay = replayOf(opened.record.capture);
element('opening', HTMLElement).hidden = true;
element('replay', HTMLElement).hidden = false;
fillTables(opened, replay);

const view: View = { air: true, tilt: false, numbers: false };
const play = element('play', HTMLButtonElement);
const scrubber = element('scrubber', HTMLInputElement);
const clock = element('clock', HTMLOutputElement);

const playback = new Playback(replay.duration, (time, playing) => {
  scrubber.value = String(time);
  scrubber.ariaValueText = `${time.toFixed(2)} seconds`;
  clock.textContent = `${time.toFixed(2)} / ${replay.duration.toFixed(2)} s`;
  play.textContent = playing ? 'Pause' : 'Play';
  drawMoment(replay, time, view);
});
const toggle = (): void => (playback.playing ? playback.pause() : playback.play());

scrubber.max = String(replay.duration);
scrubber.addEventListener('input', () => {
  const wanted = Number(scrubber.value); // pausing writes the old position back
  playback.pause();
  playback.seek(wanted);
});
play.addEventListener('click', toggle);
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || event.target instanceof HTMLButtonElement || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  toggle();
});
for (const name of ['air', 'tilt', 'numbers'] as const) {
  const box = element(name, HTMLInputElement);
  view[name] = box.checked;
  box.addEventListener('change', () => {
    view[name] = box.checked;
    playback.seek(playback.time);
  });
}
element('speeds', HTMLFieldSetElement).append(...SPEEDS.map((rate) => {
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'rate';
  input.checked = rate === 1;
  input.addEventListener('change', () => { playback.speed = rate; });
  label.append(input, `${rate}×`);
  return label;
}));
const another = element('another', HTMLButtonElement);
another.hidden = false;
another.addEventListener('click', () => location.reload());

await document.fonts.ready;
new ResizeObserver(() => playback.seek(playback.time)).observe(element('ink', HTMLCanvasElement));
if (matchMedia('(prefers-reduced-motion: reduce)').matches) playback.seek(replay.duration);
else playback.play();
