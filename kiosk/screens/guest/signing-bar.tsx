import { useState } from 'react';
import type { Messages } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';

export type Side = 'end' | 'start';

/** What can be done at the surface. `done` and `clear` are null while there is no ink. */
export function SigningBar({ messages, done, clear, cancel, decline, swap }: {
  messages: Messages;
  done: (() => void) | null;
  clear: (() => void) | null;
  cancel: () => void;
  decline: () => void;
  swap: () => void;
}): React.JSX.Element {
  return (
    <div className="signing-bar" role="toolbar" aria-label={messages.sign}>
      <button type="button" className="button primary done" data-step="done" disabled={done === null} onClick={done ?? undefined}>
        <Icon name="check" />{messages.done}
      </button>
      <button type="button" className="button" disabled={clear === null} onClick={clear ?? undefined}><Icon name="clear" />{messages.clear}</button>
      <button type="button" className="button" onClick={cancel}><Icon name="back" />{messages.cancel}</button>
      <button type="button" className="button" onClick={decline}><Icon name="close" />{messages.decline}</button>
      <button type="button" className="button quiet icon swap" aria-label={messages.moveButtons} title={messages.moveButtons} onClick={swap}>
        <Icon name="swap" />
      </button>
    </div>
  );
}

/** The side of the surface the bar stands at, for left-handed guests too. */
export function useSide(): [Side, () => void] {
  const [side, setSide] = useState<Side>('end');
  return [side, () => setSide(side === 'end' ? 'start' : 'end')];
}
