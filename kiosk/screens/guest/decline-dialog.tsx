import { useState } from 'react';
import type { DeclineReason } from '#kiosk/protocol/states.ts';
import type { Messages } from '../messages/guest-messages.ts';
import { Modal } from '../theme/modal.tsx';

const REASONS: readonly [DeclineReason, keyof Messages][] = [
  ['content', 'reasonContent'],
  ['not-mine', 'reasonNotMine'],
  ['paper', 'reasonPaper'],
  ['other', 'reasonOther'],
];

/** A guest who does not sign may say why, and need not: no reason chosen is sent as `other`. */
export function DeclineDialog({ messages, onDecline, onClose }: {
  messages: Messages;
  onDecline: (reason: DeclineReason, text: string) => void;
  onClose: () => void;
}): React.JSX.Element {
  const [reason, setReason] = useState<DeclineReason | null>(null);
  const [text, setText] = useState('');
  return (
    <Modal labelledBy="decline-title" className="decline" onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); onDecline(reason ?? 'other', text.trim()); }}>
        <h2 id="decline-title">{messages.declineTitle}</h2>
        <p>{messages.declineHint}</p>
        <fieldset>
          <legend className="visually-hidden">{messages.declineTitle}</legend>
          {REASONS.map(([value, label]) => (
            <label key={value} className="choice">
              <input type="radio" name="reason" value={value} checked={reason === value} onChange={() => setReason(value)} />
              {messages[label]}
            </label>
          ))}
        </fieldset>
        <label className="free-text">
          {messages.reasonText}
          <textarea rows={2} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>{messages.backToDocument}</button>
          <button type="submit" className="button">{messages.declineSend}</button>
        </div>
      </form>
    </Modal>
  );
}
