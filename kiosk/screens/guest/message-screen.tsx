import type { ReactNode } from 'react';
import type { Role } from '#kiosk/protocol/messages.ts';
import { fill, type Messages } from '../messages/guest-messages.ts';
import { DemoMark, LanguageList, type Frame } from './guest-frame.tsx';
import type { Ending } from './step.ts';
import { useHeadingFocus } from './use-heading-focus.ts';

const ENDINGS: Record<Ending, { title: keyof Messages; text: keyof Messages }> = {
  thanks: { title: 'thanksTitle', text: 'thanksText' },
  thanksStaff: { title: 'thanksTitle', text: 'thanksStaffText' },
  toGuest: { title: 'thanksTitle', text: 'toGuestText' },
  toCompanion: { title: 'thanksTitle', text: 'toCompanionText' },
  toStaff: { title: 'thanksTitle', text: 'toStaffText' },
  declined: { title: 'declinedTitle', text: 'declinedText' },
  paper: { title: 'declinedTitle', text: 'paperText' },
  idle: { title: 'idleEndTitle', text: 'idleEndText' },
};

/** The last word to a guest, before the privacy screen comes back. */
export function EndScreen({ frame, ending }: { frame: Frame; ending: Ending }): React.JSX.Element {
  const { title, text } = ENDINGS[ending];
  return <MessageScreen frame={frame} title={frame.messages[title]} text={frame.messages[text]} ticked={title === 'thanksTitle'} />;
}

const TURNS = { guest: 'turnGuest', companion: 'turnCompanion', staff: 'turnStaff' } as const satisfies Record<Role, keyof Messages>;

/** The tablet comes to the next person, who begins when it has: nothing of the document is seen before. */
export function HandoverScreen({ frame, role, onBegin }: { frame: Frame; role: Role; onBegin: () => void }): React.JSX.Element {
  return (
    <MessageScreen frame={frame} title={frame.messages[TURNS[role]]} text={frame.messages.turnText} ticked={false}>
      <button type="button" className="button answer" data-step="begin" onClick={onBegin}>{frame.messages.turnBegin}</button>
      <LanguageList frame={frame} />
    </MessageScreen>
  );
}

/** A browser that withholds the pen's data must not be signed on: refused in plain words. */
export function InsecureScreen({ frame }: { frame: Frame }): React.JSX.Element {
  return (
    <MessageScreen frame={frame} title={frame.messages.insecureTitle} text={frame.messages.insecureText} ticked={false}>
      <LanguageList frame={frame} />
    </MessageScreen>
  );
}

function MessageScreen({ frame, title, text, ticked, children }: { frame: Frame; title: string; text: string; ticked: boolean; children?: ReactNode }): React.JSX.Element {
  const heading = useHeadingFocus();
  return (
    <main className="message-screen">
      {frame.demo && <DemoMark messages={frame.messages} />}
      {ticked && <svg className="message-tick" viewBox="0 0 120 120" aria-hidden="true"><circle cx="60" cy="60" r="56" /><path d="M36 62l17 17 33-38" /></svg>}
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      <p>{text}</p>
      {children}
      <p className="hotel-name">{frame.hotel}</p>
    </main>
  );
}

/** Warns before the screen is cleared. Any touch or key goes on; the button is there to be found. */
export function IdleWarning({ messages, seconds }: { messages: Messages; seconds: number }): React.JSX.Element {
  return (
    <div className="overlay" role="alertdialog" aria-labelledby="idle-title" aria-describedby="idle-text">
      <div className="card">
        <h2 id="idle-title">{messages.idleTitle}</h2>
        <p id="idle-text">{fill(messages.idleText, { seconds })}</p>
        {/* The press itself is the sign of life the idle clock waits for. */}
        <button type="button" className="button primary" autoFocus>{messages.idleContinue}</button>
      </div>
    </div>
  );
}
