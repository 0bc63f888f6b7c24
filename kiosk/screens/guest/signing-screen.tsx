import { useEffect, useEffectEvent, useState } from 'react';
import type { Capture } from '#biometrics/capture.ts';
import { encodeDone } from '#kiosk/protocol/done.ts';
import type { GuestRequest, GuestToStation } from '#kiosk/protocol/messages.ts';
import { post, type Refusal } from '../link/post.ts';
import { fill, type Messages } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import { Modal } from '../theme/modal.tsx';
import type { Affine } from '#biometrics/affine.ts';
import { FieldExcerpt } from './field-excerpt.tsx';
import { TopBar, type Frame } from './guest-frame.tsx';
import type { Progress } from './progress.ts';
import type { SigningPad } from './signing-pad.ts';
import type { Consent, GuestEvent, Station } from './step.ts';
import type { OpenDocument } from './use-document.ts';
import { useHeadingFocus } from './use-heading-focus.ts';
import { usePad } from './use-pad.ts';
import { RAW_UPDATE } from './use-station.ts';

/** After the recorded pen has signed: time to look at it, ms. */
const ADMIRE = 1_200;

/** The signing surface, and the bar of what can be done with it. */
export function SigningScreen({ frame, station, request, document, consent, progress, note, sending, recording, dispatch, say, onDecline }: {
  frame: Frame;
  station: Station;
  request: GuestRequest;
  document: OpenDocument;
  consent: Consent;
  progress: Progress;
  note: keyof Messages | null;
  sending: boolean;
  /** For "try it": this recorded pen signs by itself. */
  recording: Capture | null;
  dispatch: (event: GuestEvent) => void;
  say: (message: GuestToStation) => void;
  onDecline: () => void;
}): React.JSX.Element {
  const { messages } = frame;
  const heading = useHeadingFocus();
  const [side, setSide] = useState<'end' | 'start'>('end');
  const [penHint, setPenHint] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { stage, surface, frozen, live, size, pad, inked, restart } = usePad(
    {
      instruments: station.instruments,
      touchBeforePen: station.times.touchBeforePen,
      rawUpdate: RAW_UPDATE,
      field: request.field.rect,
      view: document.fieldPage.getViewport({ scale: 1 }).transform as Affine,
    },
    () => {
      say({ type: 'back', request: request.id, why: 'rotated' });
      dispatch({ type: 'back', note: 'inkLostRotated' });
    },
  );

  useEffect(() => progress.begin(), [progress]);
  useEffect(() => progress.setInked(inked), [progress, inked]);

  const again = (): void => {
    progress.begin();
    restart();
  };
  const clear = (): void => {
    progress.clear();
    say({ type: 'clear', request: request.id });
    dispatch({ type: 'noted', note: null });
    again();
  };
  const cancel = (): void => {
    say({ type: 'back', request: request.id, why: 'cancel' });
    dispatch({ type: 'back', note: null });
  };
  const done = async (signed: SigningPad): Promise<void> => {
    setRefusal(null);
    dispatch({ type: 'send' });
    const { header: capture, samples } = signed.capture();
    const { attempts, clears } = progress;
    const header = { documentSha256: document.sha256, consentSha256: consent.sha256, language: consent.language, attempts, clears, capture };
    const body = encodeDone({ header, batch: { first: 0, samples } });
    const answer = await post(`/guest/requests/${request.id}/done`, body);
    body.fill(0);
    if (answer === null) return dispatch({ type: 'ended', ending: 'thanks' });
    const tooShort = answer.code === 'CAPTURE_TOO_SHORT';
    dispatch({ type: 'sendFailed', note: tooShort ? 'tooShort' : null });
    if (tooShort) again();
    else setRefusal(answer);
  };

  const finish = useEffectEvent(done);
  useEffect(() => {
    if (recording === null || pad === null) return;
    const abort = new AbortController();
    const show = async (): Promise<void> => {
      await pad.play(recording, abort.signal);
      await new Promise((resolve) => { setTimeout(resolve, ADMIRE); });
      if (!abort.signal.aborted) await finish(pad);
    };
    void show();
    return () => abort.abort();
  }, [recording, pad]);

  const hintPen = (event: React.PointerEvent): void => setPenHint(station.instruments === 'pen' && event.pointerType !== 'pen');

  return (
    <div className="screen signing-screen" inert={sending} aria-busy={sending}>
      <TopBar frame={frame} />
      <main className={`signing side-${side}`}>
        <div className="signing-area">
          <div className="signing-head">
            <h1 ref={heading} tabIndex={-1}>{messages.signingTitle}</h1>
            <p className="signing-what">{request.title}</p>
          </div>
          <FieldExcerpt page={document.fieldPage} field={request.field.rect} label={`${request.title}: ${messages.signHere}`} />
          <div ref={stage} className="stage">
            <div
              ref={surface}
              className="surface"
              role="img"
              aria-label={messages.signingSurface}
              data-step="surface"
              style={size === null ? { visibility: 'hidden' } : size}
              onPointerDown={hintPen}
              onContextMenu={(event) => event.preventDefault()}
            >
              <div className="surface-line" aria-hidden="true" />
              <canvas ref={frozen} />
              <canvas ref={live} />
            </div>
          </div>
          <p className="signing-note" role="status">{note !== null ? messages[note] : penHint && messages.penOnly}</p>
        </div>
        <div className="signing-bar" role="toolbar" aria-label={messages.sign}>
          <button type="button" className="button primary done" data-step="done" disabled={!inked || pad === null} onClick={() => pad !== null && void done(pad)}>
            <Icon name="check" />{messages.done}
          </button>
          <button type="button" className="button" disabled={!inked} onClick={clear}><Icon name="clear" />{messages.clear}</button>
          <button type="button" className="button" onClick={cancel}><Icon name="back" />{messages.cancel}</button>
          <button type="button" className="button" onClick={onDecline}><Icon name="close" />{messages.decline}</button>
          <button type="button" className="button quiet icon swap" aria-label={messages.moveButtons} title={messages.moveButtons} onClick={() => setSide(side === 'end' ? 'start' : 'end')}>
            <Icon name="swap" />
          </button>
        </div>
      </main>
      {refusal !== null && pad !== null && (
        <Modal labelledBy="refused-title" className="refused" onClose={() => setRefusal(null)}>
          <h2 id="refused-title">{messages.refusedTitle}</h2>
          <p>{messages.refusedText}</p>
          <p className="refused-detail">{fill(messages.refusedDetail, { detail: refusal.detail || messages.noAnswer })}</p>
          <div className="dialog-buttons">
            <button type="button" className="button" onClick={cancel}>{messages.backToDocument}</button>
            <button type="button" className="button" onClick={() => void done(pad)}>{messages.tryAgain}</button>
          </div>
        </Modal>
      )}
    </div>
  );
}
