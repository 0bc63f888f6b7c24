import type { Messages } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import type { Pad } from './use-pad.ts';

/** The frame to sign in; where a signature pad is signed on, the frame that shows along. */
export function SigningSurface({ messages, stage, surface, frozen, live, size, onPad, inked, onPointerDown }: Pick<Pad, 'stage' | 'surface' | 'frozen' | 'live' | 'size'> & {
  messages: Messages;
  onPad: boolean;
  inked: boolean;
  onPointerDown: (event: React.PointerEvent) => void;
}): React.JSX.Element {
  return (
    <div ref={stage} className="stage">
      <div
        ref={surface}
        className={onPad ? 'surface on-pad' : 'surface'}
        role="img"
        aria-label={onPad ? messages.padSurface : messages.signingSurface}
        data-step="surface"
        style={size === null ? { visibility: 'hidden' } : size}
        onPointerDown={onPointerDown}
        onContextMenu={(event) => event.preventDefault()}
      >
        {onPad && !inked && <p className="pad-hint" aria-hidden="true"><Icon name="pad" />{messages.padSurface}</p>}
        <div className="surface-line" aria-hidden="true" />
        <canvas ref={frozen} />
        <canvas ref={live} />
      </div>
    </div>
  );
}
