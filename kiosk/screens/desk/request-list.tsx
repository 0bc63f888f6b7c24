import { useId, useState } from 'react';
import type { DeskRequest, DeskTablet } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { chainsOf, isOpen, matches } from './chains.ts';
import { RequestCard } from './request-card.tsx';
import type { Command } from './use-desk.ts';

/** All documents, those of several signers together, and a search over what is known of them. */
export function RequestList({ requests, tablets, command }: { requests: readonly DeskRequest[]; tablets: readonly DeskTablet[]; command: Command }): React.JSX.Element {
  const [search, setSearch] = useState('');
  const label = useId();
  const all = chainsOf(requests);
  const found = search.trim() === '' ? all : all.filter((chain) => chain.some((request) => matches(request, search.trim())));
  const open = found.filter(isOpen);
  const ended = found.filter((chain) => !isOpen(chain));
  const cards = (chains: readonly DeskRequest[][]): React.JSX.Element => (
    <ul className="request-list">
      {chains.map((chain) => <Chain key={chain[0]?.id} chain={chain} tablets={tablets} command={command} />)}
    </ul>
  );
  return (
    <>
      <div className="search">
        <label htmlFor={label}>{words.search}</label>
        <input id={label} type="search" value={search} placeholder={words.searchHint} autoComplete="off" onChange={({ target }) => setSearch(target.value)} />
        <p role="status">{search.trim() === '' ? '' : fill(found.length === 1 ? words.foundOne : words.found, { count: found.length })}</p>
      </div>
      <h2 id="requests-title">{words.open}</h2>
      {open.length === 0 ? <p className="nothing-open">{search.trim() === '' ? words.nothingOpen : words.nothingFound}</p> : cards(open)}
      {ended.length > 0 && <><h2>{words.ended}</h2>{cards(ended)}</>}
    </>
  );
}

function Chain({ chain, tablets, command }: { chain: readonly DeskRequest[]; tablets: readonly DeskTablet[]; command: Command }): React.JSX.Element {
  const last = chain.at(-1);
  const [only, another] = chain;
  if (only !== undefined && another === undefined) return <RequestCard request={only} tablets={tablets} command={command} />;
  return (
    <li className="chain">
      <p>{fill(words.signedOf, { signed: chain.filter(({ state }) => state === 'completed').length, of: last?.plan.length ?? chain.length })}</p>
      <ul>{chain.toReversed().map((request) => <RequestCard key={request.id} request={request} tablets={tablets} command={command} />)}</ul>
    </li>
  );
}
