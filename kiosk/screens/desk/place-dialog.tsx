import { useEffect, useId, useState } from 'react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { DeskRequest } from '#kiosk/protocol/messages.ts';
import { ROLES } from '#kiosk/protocol/signings.ts';
import { MAX_DRAWN, MAX_NAME, type DrawnBox, type DrawnKind, type FieldsBody } from '#kiosk/protocol/validate.ts';
import { desk as words, DRAWN_NAMES, ROLE_NAMES } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { openDocument } from '../pdf/open-document.ts';
import { Icon } from '../theme/icon.tsx';
import { Modal } from '../theme/modal.tsx';
import { DrawingPage } from './drawing-page.tsx';

const SIGNED = ['signature', 'initials', 'date', 'check'] as const satisfies readonly DrawnKind[];
const READ = ['reservation', 'guestName', 'room'] as const satisfies readonly DrawnKind[];

/** The document's pages, to show on them where to sign; remembered for this form unless the desk thinks otherwise. Open until the station has taken it. */
export function PlaceDialog({ request, onPlace, onClose }: { request: DeskRequest; /** Its refusal in words, or null. */ onPlace: (body: FieldsBody) => Promise<string | null>; onClose: () => void }): React.JSX.Element {
  const title = useId();
  const [boxes, setBoxes] = useState<DrawnBox[]>(() => request.fields.flatMap(toBox));
  const [chosen, setChosen] = useState<number | null>(null);
  const [page, setPage] = useState(boxes[0]?.page ?? request.pages);
  const [remember, setRemember] = useState(true);
  const [name, setName] = useState(request.title.slice(0, MAX_NAME));
  const pdf = useDocument(request.documentUrl);
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ready = boxes.some(({ what }) => what === 'signature') && boxes.every(({ what, label = '' }) => what !== 'check' || label.trim() !== '') && (!remember || name.trim() !== '');
  const change = (index: number, to: Partial<DrawnBox>): void => setBoxes(boxes.map((box, at) => (at === index ? { ...box, ...to } : box)));
  const remove = (index: number): void => {
    setBoxes(boxes.filter((_, at) => at !== index));
    setChosen(null);
  };
  const add = (rect: DrawnBox['rect']): void => {
    if (boxes.length >= MAX_DRAWN) return;
    setBoxes([...boxes, { what: 'signature', role: 'guest', page, rect }]);
    setChosen(boxes.length);
  };
  const place = async (): Promise<void> => {
    setSending(true);
    const refused = await onPlace({ fields: boxes, remember: remember ? { name: name.trim() } : null });
    setSending(false);
    setRefusal(refused);
    if (refused === null) onClose();
  };
  return (
    <Modal labelledBy={title} className="desk-dialog place" onClose={onClose}>
      <h2 id={title}>{words.placeTitle}</h2>
      <p>{words.placeHint}</p>
      <div className="place-work">
        <div className="place-page">
          {pdf === null ? <p role="status">{words.placeLoading}</p> : <DrawingPage pdf={pdf} page={page} boxes={boxes} chosen={chosen} onChoose={setChosen} onAdd={add} onMove={(index, rect) => change(index, { rect })} onRemove={remove} />}
          <div className="place-pages">
            <button type="button" className="button quiet icon" aria-label={words.previousPage} disabled={page <= 1} onClick={() => setPage(page - 1)}><Icon name="previous" /></button>
            <p aria-live="polite">{fill(words.pageOf, { page, pages: request.pages })}</p>
            <button type="button" className="button quiet icon" aria-label={words.nextPage} disabled={page >= request.pages} onClick={() => setPage(page + 1)}><Icon name="next" /></button>
          </div>
        </div>
        <div className="place-list">
          <ol>
            {boxes.map((box, index) => (
              <li key={index} className={chosen === index ? 'chosen' : undefined}>
                <button type="button" className="button quiet icon" aria-label={fill(words.showBox, { number: index + 1 })} onClick={() => { setPage(box.page); setChosen(index); }}>{index + 1}</button>
                <div className="place-what">
                  <BoxChoice box={box} number={index + 1} onChange={(to) => setBoxes(boxes.map((one, at) => (at === index ? { page: one.page, rect: one.rect, ...to } : one)))} />
                  {box.what === 'check' && <input type="text" aria-label={fill(words.tickWords, { number: index + 1 })} placeholder={words.tickHint} value={box.label ?? ''} maxLength={MAX_NAME} dir="auto" onChange={({ target }) => change(index, { label: target.value })} />}
                </div>
                <button type="button" className="button quiet icon" aria-label={fill(words.removeBox, { number: index + 1 })} onClick={() => remove(index)}><Icon name="close" /></button>
              </li>
            ))}
          </ol>
          <button type="button" className="button" disabled={pdf === null || boxes.length >= MAX_DRAWN} onClick={() => { if (pdf !== null) void middleOf(pdf, page).then(add); }}><Icon name="plus" />{words.addBox}</button>
          <label className="place-remember"><input type="checkbox" checked={remember} onChange={({ target }) => setRemember(target.checked)} />{words.rememberForm}</label>
          {remember && <label className="place-name">{words.formName}<input type="text" value={name} maxLength={MAX_NAME} onChange={({ target }) => setName(target.value)} /></label>}
        </div>
      </div>
      <div className="dialog-buttons">
        {refusal !== null && <p className="place-refused" role="alert"><Icon name="alert" />{refusal}</p>}
        <button type="button" className="button" onClick={onClose}>{words.notNow}</button>
        <button type="button" className="button primary" disabled={!ready || sending} onClick={() => void place()}>{sending ? words.placeSending : words.placeSend}</button>
      </div>
    </Modal>
  );
}

/** Who does what there, or what the form has there. */
function BoxChoice({ box: { what, role }, number, onChange }: { box: DrawnBox; number: number; onChange: (to: Pick<DrawnBox, 'what' | 'role'>) => void }): React.JSX.Element {
  const choices: { group: string; options: (Pick<DrawnBox, 'what' | 'role'> & { name: string })[] }[] = [
    ...ROLES.map((who) => ({ group: ROLE_NAMES[who], options: SIGNED.map((kind) => ({ role: who, what: kind, name: `${ROLE_NAMES[who]}: ${DRAWN_NAMES[kind]}` })) })),
    { group: words.boxHints, options: READ.map((kind) => ({ role: 'guest' as const, what: kind, name: DRAWN_NAMES[kind] })) },
  ];
  const flat = choices.flatMap(({ options }) => options);
  const at = flat.findIndex((option) => option.what === what && (option.role === role || READ.some((kind) => kind === what)));
  return (
    <select aria-label={fill(words.whatIsHere, { number })} value={at} onChange={({ target }) => { const to = flat[Number(target.value)]; if (to !== undefined) onChange({ what: to.what, role: to.role }); }}>
      {choices.map(({ group, options }) => (
        <optgroup key={group} label={group}>
          {options.map((option) => <option key={option.name} value={flat.indexOf(option)}>{option.name}</option>)}
        </optgroup>
      ))}
    </select>
  );
}

/** What was found is where to begin; the bottom of the page was a guess. */
function toBox({ kind, role, label, page, rect, found }: DeskRequest['fields'][number]): DrawnBox[] {
  return found === 'fallback' ? [] : [{ what: kind, role, page, rect, ...(kind === 'check' ? { label: label.slice(0, MAX_NAME) } : {}) }];
}

/** A box of usual size in the middle of the page, for whoever draws by keyboard. */
async function middleOf(pdf: PDFDocumentProxy, number: number): Promise<DrawnBox['rect']> {
  const [left = 0, bottom = 0, right = 0, top = 0] = (await pdf.getPage(number)).view;
  const [width, height] = [Math.min(180, (right - left) / 2), Math.min(45, (top - bottom) / 4)];
  return { x: (left + right - width) / 2, y: (bottom + top - height) / 2, width, height };
}

function useDocument(url: string | null): PDFDocumentProxy | null {
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  useEffect(() => {
    if (url === null) return;
    const abort = new AbortController();
    let opened: PDFDocumentProxy | null = null;
    const load = async (): Promise<void> => {
      const response = await fetch(url, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) return;
      opened = await openDocument(new Uint8Array(await response.arrayBuffer()));
      if (abort.signal.aborted) await opened.loadingTask.destroy();
      else setPdf(opened);
    };
    load().catch(() => { /* the document went away: the dialog can only be closed */ });
    return () => {
      abort.abort();
      setPdf(null);
      void opened?.loadingTask.destroy();
    };
  }, [url]);
  return pdf;
}
