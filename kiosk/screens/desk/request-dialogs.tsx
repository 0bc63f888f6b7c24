import { useId } from 'react';
import type { DeskTablet } from '#kiosk/protocol/messages.ts';
import { CANCEL_REASONS, IDENTITY_PROOFS, VOID_REASONS, type CancelReason, type IdentityProof, type VoidReason } from '#kiosk/protocol/states.ts';
import { CANCEL_NAMES, desk as words, IDENTITY_NAMES, VOID_NAMES } from '../messages/desk-en.ts';
import { Modal } from '../theme/modal.tsx';
import { ChoiceDialog } from './choice-dialog.tsx';

/** Takes a document back. */
export function CancelDialog({ about, onCancel, onClose }: { about: string; onCancel: (reason: CancelReason) => void; onClose: () => void }): React.JSX.Element {
  return <ChoiceDialog title={words.cancelTitle} about={about} hint={words.cancelHint} choices={CANCEL_REASONS} names={CANCEL_NAMES} send={words.cancelSend} keep={words.keep} onSend={onCancel} onClose={onClose} />;
}

/** For the trail: what staff looked at to know who the guest is. */
export function IdentityDialog({ about, onSeen, onClose }: { about: string; onSeen: (seen: IdentityProof) => void; onClose: () => void }): React.JSX.Element {
  return <ChoiceDialog title={words.identityTitle} about={about} hint={words.identityHint} choices={IDENTITY_PROOFS} names={IDENTITY_NAMES} send={words.identitySend} keep={words.notNow} onSend={onSeen} onClose={onClose} />;
}

/** A statement about a signed document, which nobody takes back. */
export function VoidDialog({ about, onVoid, onClose }: { about: string; onVoid: (reason: VoidReason) => void; onClose: () => void }): React.JSX.Element {
  return <ChoiceDialog title={words.voidTitle} about={about} hint={words.voidHint} choices={VOID_REASONS} names={VOID_NAMES} send={words.voidSend} keep={words.keep} onSend={onVoid} onClose={onClose} />;
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
