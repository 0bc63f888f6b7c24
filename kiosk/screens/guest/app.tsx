/**
 * The guest's page: one guest's way from the privacy screen back to it, then a fresh page.
 *
 * Before: the station's states (`kiosk/protocol/messages.ts`). After: "Done" as one POST, in `signing-screen.tsx`.
 * What comes next is decided in `step.ts`; here the screens are put together.
 */
import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import { isLanguage, type Language } from '#kiosk/protocol/consent.ts';
import type { DeclineReason } from '#kiosk/protocol/states.ts';
import { leaveForNextGuest } from '../link/fresh-renderer.ts';
import { directionOf, MESSAGES } from '../messages/guest-messages.ts';
import { warmUp } from '../pdf/open-document.ts';
import { AwaitingScreen } from './awaiting-screen.tsx';
import { CalibrationScreen } from './calibration-screen.tsx';
import { DeclineDialog } from './decline-dialog.tsx';
import { Checks } from './checks.tsx';
import { DocumentScreen } from './document-screen.tsx';
import type { Frame } from './guest-frame.tsx';
import { EndScreen, HandoverScreen, IdleWarning, InsecureScreen } from './message-screen.tsx';
import { NoticeScreen } from './notice-screen.tsx';
import { PrivacyScreen } from './privacy-screen.tsx';
import { Progress } from './progress.ts';
import { SigningScreen } from './signing-screen.tsx';
import { canSign, nextState, START, type Consent } from './step.ts';
import { useAutopilot } from './use-autopilot.ts';
import { useDocument } from './use-document.ts';
import { useGreeting } from './use-greeting.ts';
import { useIdle } from './use-idle.ts';
import { usePosition } from './use-position.ts';
import { useStation } from './use-station.ts';
import { useTouchGuard } from './use-touch-guard.ts';

/** Until the station has said its own times. */
const NO_TIMES = { idle: 60_000, warning: 20_000, thanks: 6_000, touchBeforePen: 500, touchAfterPen: 700 };

export function App(): React.JSX.Element {
  const [state, dispatch] = useReducer(nextState, START);
  const [chosen, setChosen] = useState<Language | null>(null);
  const [declining, setDeclining] = useState(false);
  const [paintedOf, setPaintedOf] = useState<string | null>(null);
  const [ticked, setTicked] = useState<{ of: string | null; names: readonly string[] }>({ of: null, names: [] });
  const id = state.request?.id ?? null;
  // of one signature: the next one begins at nothing
  const progress = useMemo(() => new Progress(id), [id]);
  const ticks = ticked.of === id ? ticked.names : [];
  const { say, pen: penLink } = useStation(
    (message) => dispatch({ type: 'station', message }),
    () => dispatch({ type: 'lost', inked: progress.inked }),
  );
  const { station, request, step, note } = state;
  const times = station?.times ?? NO_TIMES;
  const painted = id !== null && paintedOf === id;
  // the document's own language is a guess; whoever chooses is right
  const language = chosen ?? request?.language ?? 'en';
  const opened = useDocument(step === 'end' || step === 'blank' ? null : request);
  const autopilot = useAutopilot(state, painted);
  const messages = MESSAGES[language];

  useGreeting(step === 'privacy' && state.connected, say);
  usePosition(station?.locate ?? null, id, state.connected, say);
  useTouchGuard(times.touchAfterPen);
  useEffect(warmUp, []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
  }, [language]);

  // A guest's document and ink must not outlive the guest in this page's memory.
  useEffect(() => {
    if (step === 'blank') leaveForNextGuest();
    if (step !== 'end') return;
    const timer = setTimeout(leaveForNextGuest, times.thanks);
    return () => clearTimeout(timer);
  }, [step, times.thanks]);

  const hash = typeof opened === 'object' ? opened.sha256 : null;
  // Said again after a lost connection: the station starts anew with every one.
  useEffect(() => {
    if (painted && hash !== null && id !== null && state.connected) say({ type: 'shown', request: id, sha256: hash });
  }, [painted, hash, id, state.connected, say]);

  const end = (ending: 'declined' | 'paper' | 'idle'): void => {
    setDeclining(false);
    dispatch({ type: 'ended', ending });
  };
  const decline = (reason: DeclineReason, text: string): void => {
    if (id === null) return;
    penLink.end();
    say({ type: 'decline', request: id, reason, text });
    end(reason === 'paper' ? 'paper' : 'declined');
  };
  const agree = (consent: Consent): void => {
    if (id === null) return;
    say({ type: 'consent', request: id, language: consent.language, consentSha256: consent.sha256 });
    dispatch({ type: 'agreed', consent });
  };

  const watching = id !== null && (step === 'handover' || step === 'document' || step === 'notice' || step === 'signing') && !autopilot.driving;
  const secondsLeft = useIdle(watching, times, penLink.onLife, {
    alive: () => { if (id !== null) say({ type: 'alive', request: id }); },
    gone: () => {
      penLink.end();
      if (id !== null) say({ type: 'idle', request: id });
      end('idle');
    },
  });

  const onPainted = useCallback(() => setPaintedOf(id), [id]);
  const agreedBefore = state.agreed !== null;
  const onSign = useCallback(() => {
    if (id !== null && agreedBefore) say({ type: 'sign', request: id });
    dispatch({ type: 'sign' });
  }, [id, agreedBefore, say]);
  const onPageRead = useCallback((page: number, ms: number) => {
    if (id !== null) say({ type: 'page', request: id, page, ms });
  }, [id, say]);

  const frame: Frame = {
    messages,
    language,
    hotel: station?.hotel ?? '',
    demo: station?.demo ?? false,
    chooseLanguage: (wanted) => {
      if (!isLanguage(wanted)) return;
      setChosen(wanted);
      if (id !== null) say({ type: 'language', request: id, language: wanted });
    },
  };

  const screen = (): React.JSX.Element => {
    if (!isSecureContext) return <InsecureScreen frame={frame} />;
    if (station !== null && station.awaiting !== null && request === null) return <AwaitingScreen hotel={station.hotel} fingerprint={station.awaiting.fingerprint} />;
    if (step === 'end' && state.ending !== null) return <EndScreen frame={frame} ending={state.ending} />;
    if (station !== null && station.calibrating !== null && request === null && step === 'privacy') return <CalibrationScreen frame={frame} calibrating={station.calibrating} />;
    if (request === null || station === null || step === 'blank') return <PrivacyScreen frame={frame} />;
    if (step === 'handover') return <HandoverScreen frame={frame} role={request.turn.role} onBegin={() => dispatch({ type: 'begin' })} />;
    if (step === 'between' || opened === 'loading') return <p className="waiting" role="status">{messages.loading}</p>;
    if (opened === 'failed') return <p className="waiting" role="alert">{messages.documentFailed}</p>;
    if (step === 'notice') {
      return <NoticeScreen frame={frame} role={request.turn.role} custodian={station.custodian} tabletPlace={station.locate} onAgree={agree} onPaper={() => decline('paper', '')} onBack={() => dispatch({ type: 'back', note: null })} />;
    }
    if ((step === 'signing' || step === 'sending') && state.consent !== null) {
      return (
        <SigningScreen
          // a demonstration that is stopped leaves a clean surface for the guest's own hand
          key={autopilot.recording === null ? 'hand' : 'recording'}
          frame={frame}
          station={station}
          request={request}
          document={opened}
          consent={state.consent}
          progress={progress}
          checks={request.checks.map(({ name }) => ({ name, checked: ticks.includes(name) }))}
          note={note}
          sending={step === 'sending'}
          recording={autopilot.recording}
          link={penLink}
          dispatch={dispatch}
          say={say}
          onDecline={() => setDeclining(true)}
        />
      );
    }
    return (
      <DocumentScreen
        key={request.id}
        frame={frame}
        document={opened}
        field={request.field}
        title={request.title}
        note={canSign(state) ? note : 'penNobody'}
        shown={painted}
        penReady={canSign(state)}
        toSignature={autopilot.toSignature}
        onPainted={onPainted}
        onPageRead={onPageRead}
        onSign={onSign}
        onDecline={() => setDeclining(true)}
      >
        <Checks title={messages.checksTitle} checks={request.checks} ticked={ticks} onChange={(names) => setTicked({ of: id, names })} />
      </DocumentScreen>
    );
  };

  return (
    <>
      {screen()}
      {step === 'sending' && <div className="overlay" role="status"><div className="card sending"><h2>{messages.sending}</h2><p>{messages.sendingHint}</p></div></div>}
      {declining && watching && <DeclineDialog messages={messages} onDecline={decline} onClose={() => setDeclining(false)} />}
      {autopilot.driving && step !== 'end' && (
        <div className="autopilot" role="status">
          <p>{messages.autopilot}</p>
          <button type="button" className="button" onClick={autopilot.stop}>{messages.autopilotStop}</button>
        </div>
      )}
      {state.refused !== null && <p className="banner alert" role="alert">{messages.refusedTitle}. {state.refused}</p>}
      {station !== null && !state.connected && <p className="banner" role="alert">{messages.disconnected}</p>}
      {secondsLeft !== null && <IdleWarning messages={messages} seconds={secondsLeft} />}
    </>
  );
}
