import { useState } from 'react';
import type { DeskRequest } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';
import { Icon } from '../theme/icon.tsx';
import { PlaceDialog } from './place-dialog.tsx';
import type { Command } from './use-desk.ts';

/** Where to sign may be shown on the page: asked for where nothing was found, else there to be found. */
export function Placing({ request, command }: { request: DeskRequest; command: Command }): React.JSX.Element | null {
  const [drawing, setDrawing] = useState(false);
  const { placing, fields } = request;
  const base = `/desk/requests/${request.id}/fields`;
  if (placing === 'no') return null;
  const nothingFound = placing === 'open' && fields.every(({ found }) => found === 'fallback');
  const said = nothingFound ? words.noLineFound : placing === 'drawn' ? words.linesDrawn : placing === 'known' ? words.linesKnown : null;
  return (
    <div className={nothingFound ? 'placing wanted' : 'placing'}>
      {said !== null && <p>{nothingFound && <Icon name="alert" />}{said}</p>}
      <button type="button" className="button" onClick={() => setDrawing(true)}>{words.showWhere}</button>
      {placing === 'drawn' && <button type="button" className="button" onClick={() => void command(`${base}/undo`, {})}>{words.undoDrawn}</button>}
      {drawing && <PlaceDialog request={request} onPlace={(body) => command(base, body, 'here')} onClose={() => setDrawing(false)} />}
    </div>
  );
}
