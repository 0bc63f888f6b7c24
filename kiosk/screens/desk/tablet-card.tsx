import { useState } from 'react';
import type { DeskTablet } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';
import { Icon } from '../theme/icon.tsx';
import { PenStatus } from './pen-status.tsx';
import type { Command } from './use-desk.ts';

/** What can be tried at a tablet: a recorded signature in demo mode only, and nothing before the station is enrolled. */
export type Trials = 'all' | 'sample' | 'none';

/** One tablet: is it there, is it free, what signs on it, and where to print to. */
export function TabletCard({ tablet, trials, command }: { tablet: DeskTablet; trials: Trials; command: Command }): React.JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(tablet.printer);
    setCopied(true);
  };
  const free = tablet.connected && tablet.request === null;
  const doing = tablet.request !== null ? words.busy : tablet.calibrating === true ? words.calibratingShort : words.free;
  return (
    <li className="tablet">
      <h3>{tablet.name}</h3>
      <p className={tablet.connected ? 'connection on' : 'connection'}>
        {tablet.connected ? `${words.connected}, ${doing}` : words.notConnected}
      </p>
      {tablet.secureContext === false && <p className="connection-problem">{words.insecure}</p>}
      <PenStatus tablet={tablet} command={command} />
      <p className="printer-label" id={`printer-${tablet.id}`}>{words.printer}</p>
      <div className="printer">
        <code aria-labelledby={`printer-${tablet.id}`}>{tablet.printer}</code>
        <button type="button" className="button quiet" onClick={() => void copy()}>
          <Icon name={copied ? 'check' : 'copy'} />{copied ? words.copied : words.copy}
        </button>
      </div>
      {trials !== 'none' && (
        <div className="tablet-buttons">
          {trials === 'all' && <button type="button" className="button" disabled={!free} onClick={() => void command('/desk/try', { tablet: tablet.id })}><Icon name="play" />{words.tryIt}</button>}
          <button type="button" className="button" onClick={() => void command('/desk/sample', { tablet: tablet.id })}><Icon name="printer" />{words.printSample}</button>
        </div>
      )}
    </li>
  );
}
