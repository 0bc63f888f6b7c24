import { useId } from 'react';
import type { DeskTablet } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import type { Command } from './use-desk.ts';

/** What signs at this tablet, whether it is good enough, and how well it hits the screen. */
export function PenStatus({ tablet, command }: { tablet: DeskTablet; command: Command }): React.JSX.Element {
  const { accepted, name, detail, calibration, others } = tablet.pen;
  const title = useId();
  return (
    <section className={accepted ? 'pen' : 'pen not-accepted'} aria-labelledby={title}>
      <h4 id={title}><Icon name={accepted ? 'pen' : 'alert'} />{accepted ? name : words.penMissing}</h4>
      {!accepted && name !== '' && <p className="pen-name">{name}</p>}
      {detail !== '' && <p className="pen-detail">{detail}</p>}
      {(tablet.calibrating === true || (accepted && calibration !== 'not-needed')) && <Calibration tablet={tablet} command={command} />}
      {others.length > 0 && (
        <details className="other-pens">
          <summary>{fill(words.otherPens, { count: others.length })}</summary>
          <dl>
            {others.map((other, index) => <div key={index}><dt>{other.name}</dt><dd>{other.reason}</dd></div>)}
          </dl>
        </details>
      )}
    </section>
  );
}

/** A pen on a display has to be laid on it by tapping crosses; while a guest is there, not. */
function Calibration({ tablet: { id, connected, request, pen, calibrating }, command }: { tablet: DeskTablet; command: Command }): React.JSX.Element {
  const base = `/desk/tablets/${encodeURIComponent(id)}/calibrate`;
  if (calibrating === true) {
    return (
      <div className="calibration-state">
        <p role="status">{words.calibrating}</p>
        <button type="button" className="button" onClick={() => void command(`${base}/cancel`, {})}><Icon name="close" />{words.calibrateCancel}</button>
      </div>
    );
  }
  return (
    <div className="calibration-state">
      <p>{pen.calibration === 'calibrated' ? words.calibrated : words.notCalibrated}</p>
      {connected && request === null && (
        <>
          <button type="button" className="button" onClick={() => void command(base, {})}><Icon name="target" />{words.calibrate}</button>
          {pen.calibration === 'calibrated' && <button type="button" className="button" onClick={() => void command(`${base}/reset`, {})}>{words.calibrateReset}</button>}
        </>
      )}
    </div>
  );
}
