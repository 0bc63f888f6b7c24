/**
 * A download that a child asks of its parent: what reads a stranger's file goes nowhere itself.
 *
 * The parent goes by the rules of `download.ts` alone, and takes in no more than is ever needed: a parser that was taken over may ask anything.
 * Before: `upgrade/child.ts`, `verify/child.ts`. After: their `in-child.ts` answer.
 */
import { fromBase64, toBase64 } from '../child/base64.ts';
import type { Ask } from '../child/index.ts';
import { download, type Online } from './download.ts';

/** What the child asks; bytes in Base64. */
export interface AskedDownload { ask: 'download'; address: string; post: { body: string; type: string } | null; accept: string; most: number }

const MOST_BYTES = 4 * 1024 * 1024;

/** The child's side. */
export function downloadsBy(ask: Ask): NonNullable<Online['instead']> {
  return async (address, { post, accept, most }) => {
    const question: AskedDownload = { ask: 'download', address, accept, most, post: post === undefined ? null : { body: toBase64(post.body), type: post.type } };
    return fromBase64(await ask(question) as string);
  };
}

/** True for a question that has every member it should. */
export function isDownload(question: unknown): question is AskedDownload {
  const wanted = question as Partial<AskedDownload> | null;
  return wanted?.ask === 'download' && typeof wanted.address === 'string' && typeof wanted.accept === 'string' && Number.isSafeInteger(wanted.most) && (wanted.most as number) >= 0
    && (wanted.post === null || (typeof wanted.post?.body === 'string' && wanted.post.body.length <= MOST_BYTES));
}

/** The parent's side. @returns what came, Base64. @throws as `download` */
export async function downloadFor({ address, accept, most, post }: AskedDownload, online: Online): Promise<string> {
  const body = post === null ? undefined : { body: fromBase64(post.body), type: 'application/ocsp-request' };
  return toBase64(await download(address, { post: body, accept: accept.replace(/[^a-z/+-]/g, ''), most: Math.min(most, MOST_BYTES) }, online));
}
