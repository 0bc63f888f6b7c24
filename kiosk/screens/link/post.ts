/** A command to the station: POST, answered by nothing or by problem details (RFC 9457). */

/** What the station did not do, and why. `code` is `NO_ANSWER` where it could not be reached. */
export interface Refusal { code: string; status: number; detail: string }

/** @returns null when done, else the refusal. Never throws. */
export async function post(path: string, body: object | Uint8Array<ArrayBuffer>): Promise<Refusal | null> {
  return (await ask<unknown>(path, body)).refusal;
}

/** As `post`, for a command that is answered. `Answer` is what the station's own route gives. */
export async function ask<Answer>(path: string, body: object | Blob | Uint8Array<ArrayBuffer>): Promise<{ answer: Answer; refusal: null } | { answer: null; refusal: Refusal }> {
  const binary = body instanceof Uint8Array || body instanceof Blob;
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': binary ? 'application/octet-stream' : 'application/json' },
      body: binary ? body : JSON.stringify(body),
      cache: 'no-store',
    });
    return response.ok ? { answer: await response.json() as Answer, refusal: null } : { answer: null, refusal: await refusalOf(response) };
  } catch {
    return { answer: null, refusal: { code: 'NO_ANSWER', status: 0, detail: '' } };
  }
}

async function refusalOf(response: Response): Promise<Refusal> {
  const problem: unknown = await response.json().catch(() => null);
  const text = (name: 'code' | 'detail' | 'title'): string => {
    const value = typeof problem === 'object' && problem !== null ? (problem as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { code: text('code') || 'REFUSED', status: response.status, detail: text('detail') || text('title') || `HTTP ${response.status}` };
}
