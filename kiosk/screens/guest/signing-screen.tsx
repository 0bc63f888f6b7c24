import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Affine } from '#biometrics/affine.ts';
import type { Capture } from '#biometrics/capture.ts';
import { encodeDone } from '#kiosk/protocol/done.ts';
import type { GuestHelp, GuestRequest, GuestToStation } from '#kiosk/protocol/messages.ts';
import type { DoneHeader } from '#kiosk/protocol/routes.ts';
import { post, type Refusal } from '../link/post.ts';
import type { Messages } from '../messages/guest-messages.ts';
import type { PadButton } from './attempt-pen.ts';
import { FieldExcerpt } from './field-excerpt.tsx';
import { TopBar, type Frame } from './guest-frame.tsx';
import { penFor, penKeyOf } from './pen-for-attempt.ts';
import type { PenLink } from './pen-link.ts';
import type { Progress } from './progress.ts';
import { SigningBar, useSide } from './signing-bar.tsx';
import { PenLostDialog, RefusedDialog } from './signing-dialogs.tsx';
import type { SigningPad } from './signing-pad.ts';
import { SigningSurface } from './signing-surface.tsx';
import type { Consent, GuestEvent, Station } from './step.ts';
import type { OpenDocument } from './use-document.ts';
import { useHeadingFocus } from './use-heading-focus.ts';
import { usePad } from './use-pad.ts';

/** Answers to "Done" that no second try with the same ink could change: what the guest reads, signing anew. */
const UNUSABLE: Readonly<Record<string, keyof Messages | undefined>> = {
  CAPTURE_TOO_SHORT: 'tooShort', CAPTURE_LINE: 'onlyLine', CAPTURE_TOO_FAST: 'tooFast', CAPTURE_NO_PRESSURE: 'noPressure',
  CAPTURE_TOO_LONG: 'tooLong', CAPTURE_INCOMPLETE: 'incomplete',
  // a finger was let through, and the desk has thought again
  INSTRUMENT_REFUSED: 'penOnly',
};

/** Beside why to sign again: that somebody comes, then what the desk has decided. */
const HELP = { coming: 'helpComes', taken: 'helpTaken', finger: 'helpFinger' } as const satisfies Record<NonNullable<GuestHelp>, keyof Messages>;

const TITLES = { screen: 'signingTitle', pad: 'signOnPad', tablet: 'signOnTablet' } as const;

/** The signing surface, and the bar of what can be done with it. */
export function SigningScreen({ frame, station, request, document, consent, progress, checks, note, sending, recording, link, dispatch, say, onDecline }: {
  frame: Frame;
  station: Station;
  request: GuestRequest;
  document: OpenDocument;
  consent: Consent;
  progress: Progress;
  /** The answer to each box to tick. */
  checks: NonNullable<DoneHeader['checks']>;
  note: keyof Messages | null;
  sending: boolean;
  /** For "try it": this recorded pen signs by itself. */
  recording: Capture | null;
  link: PenLink;
  dispatch: (event: GuestEvent) => void;
  say: (message: GuestToStation) => void;
  onDecline: () => void;
}): React.JSX.Element {
  const { messages, language } = frame;
  const heading = useHeadingFocus();
  const [side, swap] = useSide();
  const [byPen, setByPen] = useState(true);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const finishing = useRef<SigningPad | null>(null);
  const choice = { station, recording, link, about: { request: request.id, language } };

  const leave = (why: 'cancel' | 'rotated' | 'pen', then: keyof Messages | null): void => {
    pad?.close();
    say({ type: 'back', request: request.id, why });
    dispatch({ type: 'back', note: then });
  };
  const again = (): void => {
    progress.begin();
    restart();
  };
  const clear = (): void => {
    progress.clear();
    pad?.close();
    say({ type: 'clear', request: request.id });
    dispatch({ type: 'noted', note: null });
    again();
  };
  const cancel = (): void => leave('cancel', null);
  const done = async (signed: SigningPad): Promise<void> => {
    // a pad's button that bounces comes again before this screen is drawn anew
    if (signed === finishing.current) return;
    finishing.current = signed;
    setRefusal(null);
    dispatch({ type: 'send' });
    const { header: capture, samples } = signed.capture();
    const { attempts, clears } = progress;
    const header = { documentSha256: document.sha256, consentSha256: consent.sha256, language: consent.language, attempts, clears, checks, capture };
    const body = encodeDone({ header, batch: { first: 0, samples } });
    const answer = await post(`/guest/requests/${request.id}/done`, body);
    body.fill(0);
    finishing.current = null;
    if (answer === null) return dispatch({ type: 'signed' });
    // no try with any ink could change that
    if (answer.code === 'NOT_NOW') return dispatch({ type: 'withdrawn' });
    const unusable = signed.lost ? undefined : UNUSABLE[answer.code];
    dispatch({ type: 'sendFailed', note: unusable ?? null });
    if (unusable !== undefined) again();
    // a lost pen has a dialog of its own
    else if (!signed.lost) setRefusal(answer);
  };
  const press = (button: PadButton): void => {
    if (sending) return;
    if (button === 'cancel') cancel();
    else if (inked && button === 'clear') clear();
    else if (inked && pad !== null) void done(pad);
  };

  const { stage, surface, frozen, live, size, pad, inked, lost, restart } = usePad({
    field: request.field.rect,
    view: document.fieldPage.getViewport({ scale: 1 }).transform as Affine,
    pen: (element, place) => penFor(choice, element, place),
    penKey: penKeyOf(choice),
    displaced: () => leave('rotated', 'inkLostRotated'),
    button: press,
    played: () => { if (pad !== null) void done(pad); },
  });

  useEffect(() => progress.begin(), [progress]);
  useEffect(() => progress.setInked(inked), [progress, inked]);

  const playing = recording !== null;
  const nobody = station.pen.reads === 'nobody' && !playing && !sending;
  const leaveWithoutPen = useEffectEvent(() => leave('pen', null));
  useEffect(() => { if (nobody) leaveWithoutPen(); }, [nobody]);

  const { help } = station;
  const forgetWhy = useEffectEvent(() => dispatch({ type: 'noted', note: null }));
  // why to sign again was of a signature that the desk no longer asks for
  useEffect(() => { if (help === 'taken' || help === 'finger') forgetWhy(); }, [help]);

  const penOnly = station.pen.reads === 'screen' && station.instruments === 'pen';
  const initials = request.turn.kind === 'initials';
  const where = !playing && station.pen.reads === 'station' ? station.pen.where : 'screen';
  return (
    <div className="screen signing-screen" inert={sending} aria-busy={sending}>
      <TopBar frame={frame} />
      <main className={`signing side-${side}`}>
        <div className="signing-area">
          <div className="signing-head">
            <h1 ref={heading} tabIndex={-1}>{messages[initials && where === 'screen' ? 'initialsTitle' : TITLES[where]]}</h1>
            <p className="signing-what">{initials ? messages.initialsWhat : request.title}</p>
          </div>
          <FieldExcerpt page={document.fieldPage} field={request.field.rect} label={`${request.title}: ${messages.signHere}`} />
          <SigningSurface
            messages={messages}
            stage={stage}
            surface={surface}
            frozen={frozen}
            live={live}
            size={size}
            where={where}
            inked={inked}
            onPointerDown={(event) => setByPen(event.pointerType === 'pen')}
          />
          <p className="signing-note" role="status">
            {note !== null ? messages[note] : penOnly && !byPen && messages.penOnly}
            {help !== null && <strong>{messages[HELP[help]]}</strong>}
          </p>
        </div>
        <SigningBar
          messages={messages}
          done={inked && pad !== null ? () => void done(pad) : null}
          clear={inked ? clear : null}
          cancel={cancel}
          decline={onDecline}
          swap={swap}
        />
      </main>
      {lost !== null && !sending && <PenLostDialog messages={messages} why={lost} onAgain={again} onBack={cancel} />}
      {refusal !== null && pad !== null && (
        <RefusedDialog messages={messages} refusal={refusal} onAgain={() => void done(pad)} onBack={cancel} onClose={() => setRefusal(null)} />
      )}
    </div>
  );
}
