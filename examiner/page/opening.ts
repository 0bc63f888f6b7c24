/** The first view: takes a packet and a key by drop or choice, opens the seal, forgets the key. */
import { fieldsOf, openPacket, type OpenedPacket } from '../open-packet.ts';
import { ExaminerError } from '../errors.ts';
import { element } from './element.ts';

interface Slot { drop: HTMLElement; name: HTMLElement; input: HTMLInputElement; file: File | null }

/** Resolves once something was opened; trouble is told on the page, and another file may be tried. */
export function awaitEvidence(): Promise<OpenedPacket> {
  const slots = { evidence: slot('evidence'), key: slot('key') };
  const button = element('open', HTMLButtonElement);
  const take = async (which: keyof typeof slots, file: File): Promise<void> => {
    const { drop, name } = slots[which];
    slots[which].file = file;
    name.textContent = file.name;
    drop.classList.add('ready');
    tell('');
    if (which === 'evidence') await offerFields(file);
    button.disabled = slots.evidence.file === null || slots.key.file === null;
  };
  for (const which of ['evidence', 'key'] as const) {
    slots[which].input.addEventListener('change', () => {
      const file = slots[which].input.files?.[0];
      if (file !== undefined) void take(which, file);
    });
  }
  acceptDrops(slots, take);
  return new Promise((resolve) => {
    element('files', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void open(slots.evidence.file, slots.key.file).then((opened) => { if (opened !== null) resolve(opened); });
    });
  });
}

function slot(id: 'evidence' | 'key'): Slot {
  return { drop: element(`${id}-drop`, HTMLLabelElement), name: element(`${id}-name`, HTMLSpanElement), input: element(id, HTMLInputElement), file: null };
}

/** Files may be dropped anywhere: a name that looks like a key goes to the key, anything else is evidence. */
function acceptDrops(slots: Record<'evidence' | 'key', Slot>, take: (which: 'evidence' | 'key', file: File) => Promise<void>): void {
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    for (const { drop } of Object.values(slots)) drop.classList.toggle('over', event.target instanceof Node && drop.contains(event.target));
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    for (const { drop } of Object.values(slots)) drop.classList.remove('over');
    for (const file of event.dataTransfer?.files ?? []) void take(/\.(pem|key|p8|pkcs8)$/i.test(file.name) ? 'key' : 'evidence', file);
  });
}

async function offerFields(file: File): Promise<void> {
  const select = element('field', HTMLSelectElement);
  try {
    const fields = fieldsOf(await bytesOf(file));
    select.replaceChildren(...fields.map((name) => new Option(name)));
    element('which', HTMLLabelElement).hidden = fields.length < 2;
  } catch (error) {
    tell(sentence(error));
  }
}

async function open(evidence: File | null, key: File | null): Promise<OpenedPacket | null> {
  if (evidence === null || key === null) return null;
  const keyBytes = await bytesOf(key);
  const select = element('field', HTMLSelectElement);
  tell('Opening …');
  try {
    return await openPacket(await bytesOf(evidence), keyBytes, select.value === '' ? {} : { field: select.value });
  } catch (error) {
    tell(sentence(error));
    return null;
  } finally {
    keyBytes.fill(0);
  }
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

function tell(words: string): void {
  element('trouble', HTMLParagraphElement).textContent = words;
}

function sentence(error: unknown): string {
  if (error instanceof ExaminerError) return `${error.message}.`.replace(/\.\.$/, '.');
  return `This could not be opened: ${error instanceof Error ? error.message : String(error)}`;
}
