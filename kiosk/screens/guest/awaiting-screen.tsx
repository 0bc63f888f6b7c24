import { desk as words } from '../messages/desk-en.ts';
import { Fingerprint } from '../theme/fingerprint.tsx';

/** For staff, before the station is enrolled: no guest is served yet, so it is in one language and offers nothing. */
export function AwaitingScreen({ hotel, fingerprint }: { hotel: string; fingerprint: string }): React.JSX.Element {
  return (
    <main className="privacy awaiting" lang="en" dir="ltr">
      <div className="privacy-middle">
        <p className="privacy-welcome">{hotel}</p>
        <h1>{words.awaitingTitle}</h1>
        <Fingerprint value={fingerprint} />
        <p className="privacy-hint">{words.awaitingText}</p>
      </div>
    </main>
  );
}
