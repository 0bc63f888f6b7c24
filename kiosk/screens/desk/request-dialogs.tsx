import { useId, useState } from 'react';
import type { DeskTablet } from '#kiosk/protocol/messages.ts';
import { CANCEL_REASONS, type CancelReason } from '#kiosk/protocol/states.ts';
import { CANCEL_NAMES, desk as words } from '../messages/desk-en.ts';
import { Modal } from '../theme/modal.tsx';

/** Takes a document back. Nothing is preset: the reason goes on the audit trail. */
export function CancelDialog({ onCancel, onClose }: { onCancel: (reason: CancelReason) => void; onClose: () => void }): React.JSX.Element {
  const [reason, setReason] = useState<CancelReason | null>(null);
  const title = useId();
  return (
    <Modal labelledBy={title} className="desk-dialog" onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); if (reason !== null) onCancel(reason); }}>
        <h2 id={title}>{words.cancelTitle}</h2>
        <p>{words.cancelHint}</p>
        <fieldset>
          <legend className="visually-hidden">{words.cancelTitle}</legend>
          {CANCEL_REASONS.map((value) => (
            <label key={value} className="field-option">
              <input type="radio" name="reason" value={value} checked={reason === value} onChange={() => setReason(value)} />
              {CANCEL_NAMES[value]}
            </label>
          ))}
        </fieldset>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>{words.keep}</button>
          <button type="submit" className="button primary" disabled={reason === null}>{words.cancelSend}</button>
        </div>
      </form>
    </Modal>
  );
}

/** Ends the request as `CancelDialog` does, for the one reason that stands beside the choice it is offered with. */
export function PaperDialog({ onPaper, onClose }: { onPaper: () => void; onClose: () => void }): React.JSX.Element {
  const title = useId();
  return (
    <Modal labelledBy={title} className="desk-dialog" onClose={onClose}>
      <h2 id={title}>{words.paperTitle}</h2>
      <p>{words.cancelHint}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>{words.keep}</button>
        <button type="button" className="button primary" onClick={onPaper}>{words.paperSend}</button>
      </div>
    </Modal>
  );
}

export function MoveDialog({ tablets, onMove, onClose }: { tablets: readonly DeskTablet[]; onMove: (tablet: string) => void; onClose: () => void }): React.JSX.Element {
  const title = useId();
  return (
    <Modal labelledBy={title} className="desk-dialog" onClose={onClose}>
      <h2 id={title}>{words.moveTitle}</h2>
      <p>{words.moveHint}</p>
      <ul className="move-list">
        {tablets.map((tablet) => (
          <li key={tablet.id}>
            <button type="button" className="button" onClick={() => onMove(tablet.id)}>
              {tablet.name}<span>{whatOf(tablet)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="dialog-buttons"><button type="button" className="button" onClick={onClose}>{words.keep}</button></div>
    </Modal>
  );
}

function whatOf({ connected, pen }: DeskTablet): string {
  if (!connected) return words.notConnected;
  return pen.accepted ? words.connected : words.noPen;
}
