import type { GenuineAnswer } from '#kiosk/protocol/genuine.ts';
import { desk as deskWords } from '../messages/desk-en.ts';
import { genuine as words, VERDICTS } from '../messages/genuine-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';

const ICONS = { genuine: 'check', reserved: 'alert', void: 'close', unsaid: 'alert', 'not-genuine': 'close' } as const;

/** What the station found, from the short answer down to the notes. Names in it are whatever the file says: each stands in its own direction. */
export function Answer({ name, answer: { headline, demo, voids, sections, findings } }: { name: string; answer: GenuineAnswer }): React.JSX.Element {
  return (
    <>
      <section className={`verdict ${headline.kind}`} aria-labelledby="verdict">
        <span className="verdict-icon"><Icon name={ICONS[headline.kind]} /></span>
        <div>
          <p className="verdict-file">{words.file}: <bdi>{name}</bdi></p>
          <h3 id="verdict"><span className="visually-hidden">{VERDICTS[headline.kind]}. </span>{headline.text}</h3>
          {demo && <p className="verdict-demo">{deskWords.demoMark}</p>}
          {headline.because.map((sentence) => <p key={sentence} dir="auto">{sentence}</p>)}
        </div>
      </section>
      {voids.length > 0 && headline.kind !== 'void' && (
        <section className="verdict voided" aria-labelledby="voided">
          <span className="verdict-icon"><Icon name="alert" /></span>
          <div>
            <h3 id="voided">{words.voided}</h3>
            {voids.map((sentence) => <p key={sentence}>{sentence}</p>)}
          </div>
        </section>
      )}
      {sections.map(({ title, facts }, index) => (
        <section key={index} className="found" aria-labelledby={`found-${index}`}>
          <h3 id={`found-${index}`} dir="auto">{title}</h3>
          <dl>
            {facts.map(({ label, text }, at) => <div key={at}><dt dir="auto">{label}</dt><dd dir="auto">{text}</dd></div>)}
          </dl>
        </section>
      ))}
      {findings.length > 0 && (
        <details className="found notes">
          <summary>{fill(words.details, { count: findings.length })}</summary>
          <ul>{findings.map(({ code, message }) => <li key={`${code} ${message}`} dir="auto">{message} <code>{code}</code></li>)}</ul>
        </details>
      )}
    </>
  );
}
