/**
 * A way round that ends in a new renderer process.
 *
 * Browsers keep a process per site: a reload starts a new page in the old process, whose memory held strokes. A page of
 * another site in between makes the browser give that process up. On this machine 127.0.0.1 and localhost are two sites,
 * so the guest screen goes to the other name, from there back to its own, and from there to itself (the last hop is
 * of the same site, or the browser would hold the SameSite=Strict cookie back).
 *
 * Before: `kiosk/screens/link/fresh-renderer.ts`. Remote tablets have no second name and reload only.
 */

export const FRESH_PATH = '/guest/fresh';

/**
 * Where the next hop leads.
 * @param to the host the guest screen came from, as the query has it; followed only if it is this station's own
 */
export function nextHop(scheme: 'http' | 'https', host: string, to: string | null, own: ReadonlySet<string>): string {
  if (to !== null && to !== host && own.has(to)) return `${scheme}://${to}${FRESH_PATH}`;
  return '/guest/';
}
