import type { DeskState } from './use-desk.ts';
import { desk as words } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import type { Command } from './use-desk.ts';

/** Forms for which the desk has shown where to sign: any of them can be forgotten. */
export function KnownForms({ forms, command }: { forms: DeskState['forms']; command: Command }): React.JSX.Element | null {
  if (forms.length === 0) return null;
  return (
    <details className="known-forms">
      <summary>{fill(words.knownForms, { count: forms.filter(({ forgotten }) => !forgotten).length })}</summary>
      <p>{words.knownFormsHint}</p>
      <ul>
        {forms.map(({ fingerprint, name, learnedAt, forgotten }) => (
          <li key={fingerprint} className={forgotten ? 'forgotten' : undefined}>
            <span dir="auto">{name}<small>{forgotten ? words.forgotten : new Date(learnedAt).toLocaleDateString()}</small></span>
            {forgotten
              ? <button type="button" className="button" aria-label={fill(words.rememberAgain, { name })} onClick={() => void command(`/desk/forms/${fingerprint}/remember`, {})}>{words.undoDrawn}</button>
              : <button type="button" className="button" aria-label={fill(words.forgetForm, { name })} onClick={() => void command(`/desk/forms/${fingerprint}/forget`, {})}>{words.forget}</button>}
          </li>
        ))}
      </ul>
    </details>
  );
}
