/**
 * The desk's page: what was printed, for which tablet, at which step, and what can be done about it.
 *
 * Before: the station's states by WebSocket. After: commands by POST (`kiosk/protocol/routes.ts`).
 */
import { desk as words } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import { AwaitingPanel } from './awaiting-panel.tsx';
import { FirstSteps } from './first-steps.tsx';
import { KnownForms } from './known-forms.tsx';
import { RequestList } from './request-list.tsx';
import { TabletCard } from './tablet-card.tsx';
import { useDesk, type DeskState } from './use-desk.ts';

export function App(): React.JSX.Element {
  const { state, connected, refusal, dismiss, command } = useDesk();
  if (state === null) return <p className="connecting" role="status">{words.connecting}</p>;
  return (
    <>
      <header className="desk-bar">
        <h1>{state.hotel}<span>{state.desk}</span></h1>
        {state.demo && <p className="demo-mark">{words.demoMark}</p>}
        <a className="desk-link" href="/desk/genuine">{words.genuine}</a>
        <OutboxStatus outbox={state.outbox} />
      </header>
      <div className="notices" aria-live="polite" role="region" aria-label={words.notices}>
        {!connected && <NoticeLine severity="error" onPutAway={null}>{words.disconnected}</NoticeLine>}
        {refusal !== null && (
          <NoticeLine severity="error" onPutAway={dismiss}>{refusal}</NoticeLine>
        )}
        {state.notices.map(({ code, severity, message, happened }) => (
          <NoticeLine key={code} severity={severity} onPutAway={happened ? () => void command('/desk/notices/put-away', { code }) : null}>{message}</NoticeLine>
        ))}
      </div>
      <main className="desk-main">
        <section aria-labelledby="requests-title" className="requests">
          {state.awaiting !== null && <AwaitingPanel fingerprint={state.awaiting.fingerprint} />}
          {state.awaiting === null && state.requests.length === 0 && <FirstSteps demo={state.demo} tablets={state.tablets} command={command} />}
          {state.awaiting === null && state.requests.length > 0 && (
            <RequestList requests={state.requests} tablets={state.tablets} command={command} />
          )}
        </section>
        <aside aria-labelledby="tablets-title" className="tablets">
          <h2 id="tablets-title">{words.tablets}</h2>
          <ul>{state.tablets.map((tablet) => <TabletCard key={tablet.id} tablet={tablet} trials={state.demo ? 'all' : state.awaiting === null ? 'sample' : 'none'} command={command} />)}</ul>
          <KnownForms forms={state.forms} command={command} />
        </aside>
      </main>
    </>
  );
}

/** @param onPutAway null where it stays until things have changed */
function NoticeLine({ severity, onPutAway, children }: { severity: DeskState['notices'][number]['severity']; onPutAway: (() => void) | null; children: string }): React.JSX.Element {
  return (
    <p className={`notice ${severity}`}>
      {children}
      {onPutAway !== null && <button type="button" className="button quiet icon" aria-label={words.putAway} onClick={onPutAway}><Icon name="close" /></button>}
    </p>
  );
}

function OutboxStatus({ outbox: { waiting, retrying, delivered, lastError } }: { outbox: DeskState['outbox'] }): React.JSX.Element {
  const calm = delivered > 0 ? words.outboxDelivered : words.outboxEmpty;
  const text = retrying > 0 ? fill(words.outboxRetrying, { count: retrying }) : waiting > 0 ? fill(words.outboxWaiting, { count: waiting }) : calm;
  return <p className={retrying > 0 ? 'outbox late' : 'outbox'} title={lastError ?? undefined}>{text}</p>;
}
