import { useState } from 'react';
import type { DeskUnfit } from '#kiosk/protocol/messages.ts';
import { EXCEPTION_REASONS, PAPER_INSTEAD } from '#kiosk/protocol/states.ts';
import { desk as words, EXCEPTION_NAMES, UNFIT_NAMES } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import { PaperDialog } from './request-dialogs.tsx';

/** Signatures of this guest that were not fit, and once there were enough of them, what the desk may do. */
export function UnfitSignatures({ unfit: { codes, offered, exception }, act }: { unfit: DeskUnfit; act: (path: string, body: object) => void }): React.JSX.Element {
  const [paper, setPaper] = useState(false);
  const reasons = [...new Set(codes)].map((code) => UNFIT_NAMES[code] ?? code).join(', ');
  return (
    <div className="unfit">
      <div role="status">
        <p><Icon name="alert" />{fill(words.unfit, { reasons })}</p>
        {exception !== null && <p className="unfit-taken"><Icon name="check" />{exception === 'finger' ? words.unfitFinger : fill(words.unfitTaken, { reason: EXCEPTION_NAMES[exception] })}</p>}
        {offered && exception === null && <p>{words.unfitOffer}</p>}
      </div>
      {offered && (
        <div className="unfit-choice">
          {exception === null
            ? EXCEPTION_REASONS.map((reason) => <button key={reason} type="button" className="button" onClick={() => act('accept', { reason })}>{EXCEPTION_NAMES[reason]}</button>)
            : <button type="button" className="button" onClick={() => act('accept/undo', {})}>{words.acceptUndo}</button>}
          <button type="button" className="button" onClick={() => setPaper(true)}>{words.paperInstead}</button>
        </div>
      )}
      {paper && <PaperDialog onPaper={() => act('cancel', { reason: PAPER_INSTEAD })} onClose={() => setPaper(false)} />}
    </div>
  );
}
