import type { Messages } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import type { Pad } from './use-pad.ts';

const LABELS = { screen: 'signingSurface', pad: 'padSurface', tablet: 'tabletSurface' } as const;

/** The frame to sign in; where a signature pad or a tablet beside the screen is signed on, the frame that shows along. */
export function SigningSurface({ messages, stage, surface, frozen, live, size, where, inked, onPointerDown }: Pick<Pad, 'stage' | 'surface' | 'frozen' | 'live' | 'size'> & {
  messages: Messages;
  where: keyof typeof LABELS;
  inked: boolean;
  onPointerDown: (event: React.PointerEvent) => void;
}): React.JSX.Element {
  return (
    <div ref={stage} className="stage">
      <div
        ref={surface}
        className={where === 'screen' ? 'surface' : 'surface on-pad'}
        role="img"
        aria-label={messages[LABELS[where]]}
        data-step="surface"
        style={size === null ? { visibility: 'hidden' } : size}
        onPointerDown={onPointerDown}
        onContextMenu={(event) => event.preventDefault()}
      >
        {where !== 'screen' && !inked && <p className="pad-hint" aria-hidden="true"><Icon name="pad" />{messages[LABELS[where]]}</p>}
        <div className="surface-line" aria-hidden="true" />
        <canvas ref={frozen} />
        <canvas ref={live} />
      </div>
    </div>
  );
}
