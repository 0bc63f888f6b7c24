import type { DeskRequest } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';

/** What the document's words seem to say of the visit. It was read by a program, and is marked so. */
export function DocumentHints({ hints: { reservation, guestName, room } }: { hints: DeskRequest['hints'] }): React.JSX.Element | null {
  const facts = [[words.reservation, reservation], [words.guestName, guestName], [words.room, room]].filter(([, value]) => value !== undefined);
  if (facts.length === 0) return null;
  return (
    <dl className="hints">
      {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd dir="auto">{value}</dd></div>)}
      <div className="hints-source">{words.readFromDocument}</div>
    </dl>
  );
}
