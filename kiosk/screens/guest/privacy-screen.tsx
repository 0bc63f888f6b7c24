import { DemoMark, LanguageList, type Frame } from './guest-frame.tsx';

/** Between guests: the hotel's name and nothing of anybody. */
export function PrivacyScreen({ frame }: { frame: Frame }): React.JSX.Element {
  return (
    <main className="privacy">
      {frame.demo && <DemoMark messages={frame.messages} />}
      <div className="privacy-middle">
        <p className="privacy-welcome">{frame.messages.welcome}</p>
        <h1>{frame.hotel}</h1>
        <svg className="privacy-line" viewBox="0 0 640 40" aria-hidden="true">
          <path className="privacy-rule" d="M0 30H640" />
          <path className="privacy-cross" d="M8 14l10 10M18 14l-10 10" />
        </svg>
        <p className="privacy-hint">{frame.messages.privacyHint}</p>
      </div>
      <LanguageList frame={frame} />
    </main>
  );
}
