import type { ReactNode } from 'react';
import { LANGUAGES, type Language } from '#kiosk/protocol/consent.ts';
import { directionOf, MESSAGES, type Messages } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';

/** What every screen of the guest has: the messages, and the choice of language. */
export interface Frame {
  messages: Messages;
  language: Language;
  chooseLanguage: (language: Language) => void;
  hotel: string;
  demo: boolean;
}

/** Top line of every screen with a document behind it: hotel, demo mark, what the screen adds, language. */
export function TopBar({ frame, children }: { frame: Frame; children?: ReactNode }): React.JSX.Element {
  return (
    <header className="top-bar">
      <p className="hotel-name">{frame.hotel}</p>
      {frame.demo && <DemoMark messages={frame.messages} />}
      <div className="top-bar-end">
        {children}
        <LanguageMenu frame={frame} />
      </div>
    </header>
  );
}

export function DemoMark({ messages }: { messages: Messages }): React.JSX.Element {
  return <p className="demo-mark">{messages.demoMark}</p>;
}

function LanguageMenu({ frame }: { frame: Frame }): React.JSX.Element {
  return (
    <>
      <button type="button" className="button quiet" popoverTarget="languages" aria-label={`${frame.messages.language}: ${frame.messages.languageName}`}>
        <Icon name="globe" />
        <span className="language-current">{frame.messages.languageName}</span>
      </button>
      <div id="languages" popover="auto" className="language-menu">
        <LanguageList frame={frame} onChosen={() => document.getElementById('languages')?.hidePopover()} />
        <p className="language-hint">{frame.messages.documentNotTranslated}</p>
      </div>
    </>
  );
}

/** All languages, each in its own words. */
export function LanguageList({ frame, onChosen }: { frame: Frame; onChosen?: () => void }): React.JSX.Element {
  return (
    <ul className="language-list" aria-label={frame.messages.language}>
      {LANGUAGES.map((language) => (
        <li key={language}>
          <button
            type="button"
            className="language"
            lang={language}
            dir={directionOf(language)}
            aria-pressed={language === frame.language}
            onClick={() => { frame.chooseLanguage(language); onChosen?.(); }}
          >
            {MESSAGES[language].languageName}
          </button>
        </li>
      ))}
    </ul>
  );
}
