/** Requests that go on with one another's signed document belong together, the first of them first. */
import type { DeskRequest } from '#kiosk/protocol/messages.ts';
import { isFinal } from '#kiosk/protocol/states.ts';

/** @param requests the newest first. @returns one list for each document, in the order of their newest request */
export function chainsOf(requests: readonly DeskRequest[]): DeskRequest[][] {
  const known = new Map(requests.map((request) => [request.id, request]));
  const chains = new Map<string, DeskRequest[]>();
  for (const request of requests) {
    let root = request;
    for (let before = known.get(root.follows ?? ''); before !== undefined; before = known.get(root.follows ?? '')) root = before;
    chains.set(root.id, [request, ...chains.get(root.id) ?? []]);
  }
  return [...chains.values()];
}

/** Somebody still has to sign, or may. */
export function isOpen(chain: readonly DeskRequest[]): boolean {
  return chain.some(({ state }) => !isFinal(state));
}

/** Every word stands in the title, or in what was read from the document. */
export function matches({ title, hints }: DeskRequest, words: string): boolean {
  const text = [title, hints.reservation, hints.guestName, hints.room].join(' ').toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => text.includes(word));
}
