import type { DeskTablet } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';
import { Icon } from '../theme/icon.tsx';
import type { Command } from './use-desk.ts';

const STEPS = [
  { icon: 'printer', title: words.stepPrintTitle, text: words.stepPrintText },
  { icon: 'pen', title: words.stepSignTitle, text: words.stepSignText },
  { icon: 'check', title: words.stepKeptTitle, text: words.stepKeptText },
] as const;

/** For the newcomer: the three steps, and in demo mode the whole of them in one click. */
export function FirstSteps({ demo, tablets, command }: { demo: boolean; tablets: readonly DeskTablet[]; command: Command }): React.JSX.Element {
  const tablet = tablets.find((one) => one.connected) ?? tablets[0];
  return (
    <div className="first-steps">
      <h2 id="requests-title">{words.emptyTitle}</h2>
      <p>{words.emptyText}</p>
      <ol>
        {STEPS.map(({ icon, title, text }) => (
          <li key={title}>
            <span className="step-icon"><Icon name={icon} /></span>
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      {tablet !== undefined && (
        <div className="first-buttons">
          {demo && (
            <button type="button" className="button primary" disabled={!tablet.connected} onClick={() => void command('/desk/try', { tablet: tablet.id })}>
              <Icon name="play" />{words.tryIt}
            </button>
          )}
          <button type="button" className="button" onClick={() => void command('/desk/sample', { tablet: tablet.id })}>
            <Icon name="printer" />{words.printSample}
          </button>
          {demo && <p>{tablet.connected ? words.tryHint : words.needTablet}</p>}
        </div>
      )}
    </div>
  );
}
