import { useId } from 'react';
import type { DeskRequest, PlannedSigning } from '#kiosk/protocol/messages.ts';
import { offersOf, type Offer } from '#kiosk/protocol/signings.ts';
import { desk as words, SIGNING_NAMES } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import { ChoiceDialog } from './choice-dialog.tsx';

/** Who signs, in order, before the document is sent: ticked where the document says so, or the desk does. */
export function SignerChoice({ request, onChoose }: { request: DeskRequest; onChoose: (signings: PlannedSigning[]) => void }): React.JSX.Element | null {
  const offers = offersOf(request.fields);
  const [first, ...more] = offers;
  if (first === undefined || (more.length === 0 && first.lines.length === 1)) return null;
  const choose = (offer: Offer, field: number | null): void => {
    const others = request.plan.filter(({ role, kind }) => role !== offer.role || kind !== offer.kind);
    onChoose(field === null ? others : [...others, { role: offer.role, kind: offer.kind, field }]);
  };
  return (
    <fieldset className="signers">
      <legend>{request.plan.length === 0 ? words.chooseSigners : words.signers}</legend>
      {offers.map((offer) => <SignerOffer key={`${offer.role} ${offer.kind}`} request={request} offer={offer} onChoose={(field) => choose(offer, field)} />)}
    </fieldset>
  );
}

function SignerOffer({ request: { id, fields, plan }, offer: { role, kind, lines }, onChoose }: { request: DeskRequest; offer: Offer; onChoose: (field: number | null) => void }): React.JSX.Element {
  const picked = plan.find((signing) => signing.role === role && signing.kind === kind)?.field ?? null;
  const name = SIGNING_NAMES[`${role} ${kind}`];
  const [line = 0, another] = lines;
  const labelled = useId();
  const pages = new Set(fields.filter((field) => field.role === role && field.kind === kind).map(({ page }) => page));
  if (another === undefined) {
    return (
      <label className="field-option">
        <input type="checkbox" checked={picked !== null} onChange={({ target }) => onChoose(target.checked ? line : null)} />
        <span>{name}<small>{kind === 'initials' && pages.size > 1 ? fill(words.onPages, { pages: pages.size }) : placeOf(fields[line])}</small></span>
      </label>
    );
  }
  return (
    <div className="signer-lines" role="radiogroup" aria-labelledby={labelled}>
      <p id={labelled}>{fill(words.whichLine, { name })}</p>
      {lines.map((index) => (
        <label key={index} className="field-option">
          <input type="radio" name={`line-${id}-${role}-${kind}`} checked={picked === index} onChange={() => onChoose(index)} />
          <span>{placeOf(fields[index])}</span>
        </label>
      ))}
      {picked !== null && plan.length > 1 && <button type="button" className="button quiet" onClick={() => onChoose(null)}>{words.signsNot}</button>}
    </div>
  );
}

function placeOf(field: DeskRequest['fields'][number] | undefined): React.ReactNode {
  if (field === undefined) return null;
  if (field.label === '' || field.found === 'tag') return fill(words.pageNumber, { page: field.page });
  // words of the document keep their own direction, and the page stands behind them
  const [before = '', after = ''] = words.fieldOnPage.split('{label}');
  return <>{before}<bdi>{field.label}</bdi>{fill(after, { page: field.page })}</>;
}

/** Several people sign one after the other: who has, whose turn it is, who comes after; and of what is signed, by whom. */
export function SignerProgress({ request: { plan, signed, state } }: { request: DeskRequest }): React.JSX.Element {
  const own = plan[signed];
  // of a signed one, where the document is by now stands with the request that goes on
  if (state === 'completed' && own !== undefined) return <p className="signer-own"><Icon name="check" />{SIGNING_NAMES[`${own.role} ${own.kind}`]}</p>;
  const done = signed;
  return (
    <div className="signer-progress">
      <p>{fill(words.signedOf, { signed: done, of: plan.length })}</p>
      <ol>
        {plan.map(({ role, kind }, index) => (
          <li key={`${role} ${kind}`} className={index < done ? 'signed' : undefined} aria-current={index === done ? 'step' : undefined}>
            {index < done && <Icon name="check" />}{SIGNING_NAMES[`${role} ${kind}`]}<span className="visually-hidden">{index < done ? `, ${words.hasSigned}` : ''}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Who was to sign what was signed before them, and did not. */
export function Unsigned({ unsigned: { left, kept } }: { unsigned: NonNullable<DeskRequest['unsigned']> }): React.JSX.Element {
  return <p className="request-warning"><Icon name="alert" />{fill(kept ? words.unsigned : words.unsignedGone, { names: namesOf(left) })}</p>;
}

/** Who is asked next of those who are left: the first of them, or one after, and then not those between. */
export function AgainDialog({ about, left, onAsk, onClose }: { about: string; left: readonly PlannedSigning[]; onAsk: (without: number) => void; onClose: () => void }): React.JSX.Element {
  const choices = left.map((_, index) => String(index));
  const names = Object.fromEntries(left.map((signing, index) => {
    const name = namesOf([signing]);
    return [String(index), index === 0 ? name : fill(words.leavingOut, { name, names: namesOf(left.slice(0, index)) })];
  }));
  return (
    <ChoiceDialog
      title={words.againTitle} about={about} hint={words.againHint} choices={choices} names={names} send={words.againSend} keep={words.notNow}
      onSend={(index) => onAsk(Number(index))} onClose={onClose}
    />
  );
}

function namesOf(signings: readonly PlannedSigning[]): string {
  return signings.map(({ role, kind }) => SIGNING_NAMES[`${role} ${kind}`]).join('; ');
}
