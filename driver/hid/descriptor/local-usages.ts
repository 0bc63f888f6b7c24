/**
 * Local items: the usages of the next main item (HID 1.11, section 6.2.2.8). Designators and strings are passed over,
 * and of the alternatives between delimiters the first set is taken, as the Linux kernel does.
 *
 * Before it: `item.ts`. After it: `parse.ts`.
 */
import type { Usage } from './field.ts';
import type { Item } from './item.ts';
import { MAX_USAGES } from './limits.ts';
import { malformed } from './malformed.ts';

const Tag = { usage: 0, usageMinimum: 1, usageMaximum: 2, delimiter: 10 } as const;

const SECTION = '6.2.2.8';

/** A usage with a page of its own stands in 4 bytes; a shorter one takes the page in force. */
interface NamedUsage { page: number; id: number; hasPage: boolean }

export class LocalUsages {
  #usages: NamedUsage[] = [];
  #minimum = 0;
  #insideDelimiter = false;
  /** Sets of alternatives opened so far. */
  #sets = 0;

  get insideDelimiter(): boolean {
    return this.#insideDelimiter;
  }

  /** Local items hold for one main item. */
  clear(): void {
    this.#usages = [];
    this.#minimum = 0;
    this.#insideDelimiter = false;
    this.#sets = 0;
  }

  /** @throws PenError DESCRIPTOR_MALFORMED */
  apply(item: Item, usagePage: number): void {
    if (item.tag === Tag.delimiter) this.#delimit(item);
    else if (this.#sets > 1) return;
    else if (item.tag === Tag.usage) this.#add(item, item.unsigned, usagePage);
    else if (item.tag === Tag.usageMinimum) this.#minimum = item.unsigned;
    else if (item.tag === Tag.usageMaximum) this.#addRange(item, usagePage);
  }

  /**
   * The usages as the main item sees them: "when the parser encounters a main item it concatenates the last declared Usage
   * Page". That holds for the short usages at the end that were said under another page; from the last one said under the
   * page in force backwards, each keeps its own (so reads the Linux kernel, for devices that change the page in between).
   */
  complete(usagePage: number): Usage[] {
    for (const usage of this.#usages.toReversed()) {
      if (usage.hasPage) continue;
      if (usage.page === usagePage) break;
      usage.page = usagePage;
    }
    return this.#usages.map(({ page, id }) => [page, id]);
  }

  #delimit(item: Item): void {
    const opens = item.unsigned !== 0;
    if (opens === this.#insideDelimiter) throw malformed(item.offset, opens ? 'a delimiter inside a delimiter' : 'a delimiter is closed that was not opened', SECTION);
    this.#insideDelimiter = opens;
    if (opens) this.#sets++;
  }

  #add(item: Item, usage: number, usagePage: number): void {
    if (this.#usages.length === MAX_USAGES) throw malformed(item.offset, `more than ${MAX_USAGES} usages for one main item`, SECTION);
    const hasPage = item.size === 4;
    this.#usages.push({ page: hasPage ? usage >>> 16 : usagePage, id: usage & 0xffff, hasPage });
  }

  /** A range too wide, or with its maximum below its minimum, is cut where the Linux kernel cuts it. */
  #addRange(item: Item, usagePage: number): void {
    const room = MAX_USAGES - this.#usages.length;
    const width = (item.unsigned - this.#minimum) >>> 0;
    const count = width < room ? width + 1 : room;
    for (let nth = 0; nth < count; nth++) this.#add(item, this.#minimum + nth, usagePage);
  }
}
