import { useState } from 'react';
import type { DeskRequest } from '#kiosk/protocol/messages.ts';
import { desk as words } from '../messages/desk-en.ts';
import { Icon } from '../theme/icon.tsx';
import { PlaceDialog } from './place-dialog.tsx';

/** Where to sign may be shown on the page: asked for where nothing was found, else there to be found. */
export function Placing({ request, act }: { request: DeskRequest; act: (path: string, body: object) => void }): React.JSX.Element | null {
  const [drawing, setDrawing] = useState(false);
  const { placing, fields } = request;
  if (placing === 'no') return null;
  const nothingFound = placing === 'open' && fields.every(({ found }) => found === 'fallback');
  const said = nothingFound ? words.noLineFound : placing === 'drawn' ? words.linesDrawn : placing === 'known' ? words.linesKnown : null;
  return (
    <div className={nothingFound ? 'placing wanted' : 'placing'}>
      {said !== null && <p>{nothingFound && <Icon name="alert" />}{said}</p>}
      <button type="button" className="button" onClick={() => setDrawing(true)}>{words.showWhere}</button>
      {placing === 'drawn' && <button type="button" className="button" onClick={() => act('fields/undo', {})}>{words.undoDrawn}</button>}
      {drawing && <PlaceDialog request={request} onPlaced={(body) => { setDrawing(false); act('fields', body); }} onClose={() => setDrawing(false)} />}
    </div>
  );
}
