/** What was checked and what the record says, written beside the replay. Everything goes in as text, never as markup. */
import { factsOf } from '../facts.ts';
import type { Check, OpenedPacket } from '../open-packet.ts';
import type { Replay } from '../replay.ts';
import { element } from './element.ts';

export function fillTables(opened: OpenedPacket, replay: Replay): void {
  element('demo', HTMLParagraphElement).hidden = !opened.record.context.demo;
  element('checks', HTMLUListElement).replaceChildren(...opened.checks.map(checkItem));
  element('facts', HTMLDListElement).replaceChildren(...factsOf(opened, replay).map(({ label, value, kind }) => {
    const group = document.createElement('div');
    const description = withText('dd', value);
    description.className = kind;
    group.append(withText('dt', label), description);
    return group;
  }));
}

function checkItem({ held, says }: Check): HTMLElement {
  const item = withText('li', held === null ? `Not in this file: ${says}` : held ? says : `Did not hold: ${says}`);
  item.className = held === null ? 'absent' : held ? 'held' : 'failed';
  return item;
}

function withText(tag: 'li' | 'dt' | 'dd', words: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
}
