import { desk as words } from '../messages/desk-en.ts';
import { Fingerprint } from '../theme/fingerprint.tsx';

/** In the place of documents, before the station is enrolled. */
export function AwaitingPanel({ fingerprint }: { fingerprint: string }): React.JSX.Element {
  return (
    <div className="awaiting-panel">
      <h2 id="requests-title">{words.awaitingTitle}</h2>
      <Fingerprint value={fingerprint} />
      <p>{words.awaitingText}</p>
      <p>{words.awaitingPaper}</p>
    </div>
  );
}
