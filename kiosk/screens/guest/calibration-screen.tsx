import type { Calibrating } from '#kiosk/protocol/messages.ts';
import { LANGUAGES } from '#kiosk/protocol/consent.ts';
import { directionOf, fill, MESSAGES } from '../messages/guest-messages.ts';
import { DemoMark, type Frame } from './guest-frame.tsx';
import { useHeadingFocus } from './use-heading-focus.ts';

/**
 * A cross for the pen that the station reads; the taps reach the station, not this page. Nothing here can be pressed:
 * the desk has begun it and ends it. Whoever holds the pen may read any of the languages.
 */
export function CalibrationScreen({ frame, calibrating: { x, y, step, steps, again } }: { frame: Frame; calibrating: Calibrating }): React.JSX.Element {
  const { messages, language } = frame;
  const heading = useHeadingFocus();
  // of the run before: said at its first cross, where it is of use
  const astray = again && step === 1;
  return (
    <main className="calibration" onContextMenu={(event) => event.preventDefault()}>
      <svg className="calibration-cross" viewBox="-40 -40 80 80" aria-hidden="true" style={{ left: `${x * 100}%`, top: `${y * 100}%` }}>
        <path d="M-38 0H38M0-38V38" />
        <circle r="13" />
      </svg>
      <div className={y > 0.5 ? 'calibration-words above' : 'calibration-words'}>
        {frame.demo && <DemoMark messages={messages} />}
        <h1 ref={heading} tabIndex={-1}>{messages.calibrate}</h1>
        <p className="calibration-step" role="status">{astray && <strong>{messages.calibrateAgain} </strong>}{fill(messages.calibrateStep, { step, steps })}</p>
        <ul>
          {LANGUAGES.filter((other) => other !== language).map((other) => <li key={other} lang={other} dir={directionOf(other)}>{MESSAGES[other].calibrate}</li>)}
        </ul>
      </div>
    </main>
  );
}
