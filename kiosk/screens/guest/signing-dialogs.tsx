import { useRef } from 'react';
import type { Refusal } from '../link/post.ts';
import { fill, type Messages } from '../messages/guest-messages.ts';
import { Modal } from '../theme/modal.tsx';
import type { PenLoss } from './attempt-pen.ts';

/** The station did not take "Done"; the ink is still there. */
export function RefusedDialog({ messages, refusal, onAgain, onBack, onClose }: {
  messages: Messages;
  refusal: Refusal;
  onAgain: () => void;
  onBack: () => void;
  onClose: () => void;
}): React.JSX.Element {
  return (
    <Modal labelledBy="refused-title" className="refused" onClose={onClose}>
      <h2 id="refused-title">{messages.refusedTitle}</h2>
      <p>{messages.refusedText}</p>
      <p className="refused-detail">{fill(messages.refusedDetail, { detail: refusal.detail || messages.noAnswer })}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onBack}>{messages.backToDocument}</button>
        <button type="button" className="button" onClick={onAgain}>{messages.tryAgain}</button>
      </div>
    </Modal>
  );
}

const LOSSES: Record<PenLoss, keyof Messages> = { gone: 'penGone', overflow: 'incomplete', refused: 'penRefused' };

/** The attempt is gone with its ink. Nothing goes on before the guest says so. */
export function PenLostDialog({ messages, why, onAgain, onBack }: { messages: Messages; why: PenLoss; onAgain: () => void; onBack: () => void }): React.JSX.Element {
  const again = useRef<HTMLButtonElement>(null);
  return (
    <Modal labelledBy="lost-title" className="refused" onClose={onAgain} first={again}>
      <h2 id="lost-title">{messages[LOSSES[why]]}</h2>
      <p>{messages.inkDiscarded}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onBack}>{messages.backToDocument}</button>
        <button type="button" ref={again} className="button primary" onClick={onAgain}>{messages.signAgain}</button>
      </div>
    </Modal>
  );
}
