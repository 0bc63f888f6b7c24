import { useId, useState } from 'react';
import { Modal } from '../theme/modal.tsx';

/** One of several, then confirmed. Nothing is preset: what is chosen goes on the audit trail. */
export function ChoiceDialog<Value extends string>({ title, about, hint, choices, names, send, keep, onSend, onClose }: {
  title: string;
  /** The document that it is about: several look alike, and some of this is not taken back. */
  about: string;
  hint: string;
  choices: readonly Value[];
  names: Readonly<Record<Value, string>>;
  send: string;
  /** The way out that changes nothing. */
  keep: string;
  onSend: (value: Value) => void;
  onClose: () => void;
}): React.JSX.Element {
  const [chosen, setChosen] = useState<Value | null>(null);
  const heading = useId();
  const group = useId();
  return (
    <Modal labelledBy={heading} className="desk-dialog" onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); if (chosen !== null) onSend(chosen); }}>
        <h2 id={heading}>{title}</h2>
        <p className="dialog-about" dir="auto">{about}</p>
        <p>{hint}</p>
        <fieldset>
          <legend className="visually-hidden">{title}</legend>
          {choices.map((value) => (
            <label key={value} className="field-option">
              <input type="radio" name={group} value={value} checked={chosen === value} onChange={() => setChosen(value)} />
              {names[value]}
            </label>
          ))}
        </fieldset>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>{keep}</button>
          <button type="submit" className="button primary" disabled={chosen === null}>{send}</button>
        </div>
      </form>
    </Modal>
  );
}
