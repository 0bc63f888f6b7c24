import { useId, useState } from 'react';
import type { DeskRequest, DeskTablet } from '#kiosk/protocol/messages.ts';
import { isFinal, type RequestState } from '#kiosk/protocol/states.ts';
import { desk as words, IDENTITY_NAMES, REASON_NAMES, STATE_NAMES, VOID_NAMES } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import { DocumentHints } from './document-hints.tsx';
import { Placing } from './placing.tsx';
import { CancelDialog, IdentityDialog, MoveDialog, VoidDialog } from './request-dialogs.tsx';
import { AgainDialog, SignerChoice, SignerProgress, Unsigned } from './signers.tsx';
import { Thumbnail } from './thumbnail.tsx';
import { UnfitSignatures } from './unfit-signatures.tsx';
import type { Command } from './use-desk.ts';

/** The steps of a signing that goes well; the others end it in between. */
const WAY: readonly RequestState[] = ['assigned', 'shown', 'signing', 'completed'];

/** One document: what it is, how far it got, what can be done. */
export function RequestCard({ request, tablets, command }: { request: DeskRequest; tablets: readonly DeskTablet[]; command: Command }): React.JSX.Element {
  const [dialog, setDialog] = useState<'move' | 'cancel' | 'identity' | 'void' | 'again' | null>(null);
  const { id, state } = request;
  const base = `/desk/requests/${id}`;
  const title = request.title || words.untitled;
  const tablet = tablets.find((one) => one.id === request.tablet);
  const ended = isFinal(state);
  const whyNot = useId();
  const others = tablets.filter((one) => one.id !== request.tablet);
  const penMissing = tablet?.pen.accepted === false;
  const waits = state === 'assigned' || state === 'received';
  const act = (path: string, body: object): void => {
    setDialog(null);
    void command(`${base}/${path}`, body);
  };
  return (
    <li className={`request ${state}`} data-request={id}>
      <Thumbnail url={request.documentUrl ?? request.signedUrl} title={title} />
      <div className="request-what">
        <h3 dir="auto">{title}</h3>
        <p className="request-facts">
          {[
            tablet?.name ?? words.noTablet,
            timeOf(request.receivedAt),
            request.pages === 0 ? null : request.pages === 1 ? words.onePage : fill(words.pages, { pages: request.pages }),
            request.printedBy.name === '' ? null : fill(words.printedBy, { name: request.printedBy.name }),
          ].filter((fact) => fact !== null).join(' · ')}
        </p>
        <DocumentHints hints={request.hints} />
        <Steps state={state} />
        {request.reason !== null && <p className="request-reason">{REASON_NAMES[request.reason] ?? request.reason}</p>}
        {request.identity !== null && <p className="request-reason"><Icon name="check" />{fill(words.identitySeen, { seen: IDENTITY_NAMES[request.identity] })}</p>}
        {request.voided !== null && <p className="request-void"><Icon name="alert" />{fill(words.voided, { time: timeOf(request.voided.at), reason: VOID_NAMES[request.voided.reason] })}</p>}
        {request.unfit !== null && <UnfitSignatures unfit={request.unfit} act={act} />}
      </div>
      <div className="request-actions">
        {waits && <button type="button" className="button primary" disabled={request.plan.length === 0 || tablet?.connected !== true || penMissing} aria-describedby={penMissing ? whyNot : undefined} onClick={() => act('release', {})}>{words.release}</button>}
        {waits && penMissing && <p id={whyNot} className="release-problem"><Icon name="alert" />{fill(words.releaseNeedsPen, { tablet: tablet.name })}</p>}
        {!ended && others.length > 0 && <button type="button" className="button" onClick={() => setDialog('move')}>{words.move}</button>}
        {!ended && <button type="button" className="button" onClick={() => setDialog('cancel')}>{words.cancel}</button>}
        {!ended && <button type="button" className="button" onClick={() => setDialog('identity')}>{words.identity}</button>}
        {request.signedUrl !== null && <a className="button primary" href={request.signedUrl} download><Icon name="download" />{words.download}</a>}
        {request.unsigned?.kept === true && (
          request.unsigned.left.length === 1
            ? <button type="button" className="button primary" onClick={() => act('again', {})}>{words.askAgain}</button>
            : <button type="button" className="button primary" onClick={() => setDialog('again')}>{words.askAgainOf}</button>
        )}
        {state === 'completed' && <Delivery delivery={request.delivery} />}
        {state === 'completed' && request.voided === null && <button type="button" className="button quiet" onClick={() => setDialog('void')}>{words.void}</button>}
      </div>
      <div className="request-more">
        {request.warnings.map((warning) => <p key={warning} className="request-warning"><Icon name="alert" />{warning}</p>)}
        {waits && request.signed === 0 && <SignerChoice request={request} onChoose={(signings) => act('plan', { signings })} />}
        {!(waits && request.signed === 0) && request.plan.length > 1 && <SignerProgress request={request} />}
        {request.unsigned !== null && <Unsigned unsigned={request.unsigned} />}
        {waits && <Placing request={request} command={command} />}
      </div>
      {dialog === 'move' && <MoveDialog tablets={others} onMove={(to) => act('move', { tablet: to })} onClose={() => setDialog(null)} />}
      {dialog === 'identity' && <IdentityDialog about={title} onSeen={(seen) => act('identity', { seen })} onClose={() => setDialog(null)} />}
      {dialog === 'again' && request.unsigned !== null && <AgainDialog about={title} left={request.unsigned.left} onAsk={(without) => act('again', { without })} onClose={() => setDialog(null)} />}
      {dialog === 'void' && <VoidDialog about={title} onVoid={(reason) => act('void', { reason })} onClose={() => setDialog(null)} />}
      {dialog === 'cancel' && <CancelDialog about={title} onCancel={(reason) => act('cancel', { reason })} onClose={() => setDialog(null)} />}
    </li>
  );
}

/** How far it got. An ending other than "signed" stands in the place where it happened. */
function Steps({ state }: { state: RequestState }): React.JSX.Element {
  const reached = WAY.indexOf(state === 'received' ? 'assigned' : state);
  if (reached === -1) return <p className={`ending ${state}`}>{STATE_NAMES[state]}</p>;
  return (
    <ol className="steps">
      {WAY.map((step, index) => (
        <li key={step} className={index <= reached ? 'reached' : undefined} aria-current={index === reached ? 'step' : undefined}>{STATE_NAMES[step]}</li>
      ))}
    </ol>
  );
}

function Delivery({ delivery }: { delivery: DeskRequest['delivery'] }): React.JSX.Element | null {
  if (delivery === 'none') return null;
  const text = { waiting: words.deliveryWaiting, retrying: words.deliveryRetrying, delivered: words.deliveryDelivered }[delivery];
  return <p className={`delivery ${delivery}`}>{text}</p>;
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
