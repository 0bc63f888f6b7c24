/**
 * Every HTTP route of the station, in one place. Guest routes need a guest session, desk routes a desk
 * session (HttpOnly cookies, made from a one-time token by the two entry routes).
 *
 *   GET  /guest?token=…                       token → cookie, then the guest screen
 *   GET  /guest/fresh?to=HOST                 a way round that ends at /guest/ in a new renderer process
 *   GET  /guest/document/:id                  D, `Cache-Control: no-store`
 *   GET  /guest/recorded-pen                  the recorded capture for "try it" (`samples.ts` batch in `capture-json.ts` form)
 *   POST /guest/requests/:id/done             body: `encodeDone`; 200 only once the packet is durable
 *   GET  /desk?token=…                        token → cookie, then the desk screen
 *   POST /desk/requests/:id/release           {}
 *   POST /desk/requests/:id/plan              {signings: PlannedSigning[]} who signs and where: until it is released
 *   POST /desk/requests/:id/move              {tablet: string}
 *   POST /desk/requests/:id/fields            {fields: DrawnBox[], remember: {name} | null} where to sign, drawn on the page; remembered for this form
 *   POST /desk/requests/:id/fields/undo       {} back to what was found
 *   POST /desk/requests/:id/cancel            {reason: CancelReason, text?: string}
 *   POST /desk/requests/:id/accept            {reason: ExceptionReason} the guest's next signature is taken as it is: after two that were not fit
 *   POST /desk/requests/:id/accept/undo       {} it is not, until Done
 *   POST /desk/requests/:id/identity          {seen: IdentityProof} staff has looked at a proof of the guest's identity
 *   POST /desk/requests/:id/again             {without?: number} of a signed document: whoever was to sign next, and did not, is asked once more; or the
 *                                             one after the first so many of `unsigned.left`, who then do not sign it any more
 *   POST /desk/requests/:id/void              {reason: VoidReason} of a signed document: it was a mistake; nothing is deleted
 *   GET  /desk/requests/:id/document          D for the thumbnail, `no-store`
 *   GET  /desk/requests/:id/signed.pdf        the desk's copy, while it is kept
 *   POST /desk/forms/:fingerprint/forget      {} where to sign on that form is no longer known
 *   POST /desk/forms/:fingerprint/remember    {} it was forgotten by mistake
 *   POST /desk/notices/put-away                {code} a notice of what happened was read
 *   GET  /desk/genuine                         the page "Is this document genuine?"
 *   POST /desk/genuine/check                   body: a file, which is not kept; answered by `GenuineAnswer` (genuine.ts)
 *   POST /desk/sample                         {tablet, pages?: 1|3} print a sample card
 *   POST /desk/try                            {tablet} sample card, released, signed by the recorded pen on the guest screen
 *   POST /desk/tablets/:id/calibrate          {} crosses on the guest screen, one after the other: no document may be on it
 *   POST /desk/tablets/:id/calibrate/cancel   {} ends that without a result
 *   POST /desk/tablets/:id/calibrate/reset    {} forgets what was measured: the device's range covers the display again
 *   WS   /ws/guest, /ws/desk                  messages.ts
 *   POST /ipp/print/:tablet                   the printer (its own port)
 *
 * Errors are RFC 9457 problem details: {type: "about:blank", title, status, detail, code}.
 */
import type { Batch } from '#biometrics/samples.ts';
import type { Capture } from '#biometrics/capture.ts';

/** What the guest screen sends with "Done": everything of a capture but its samples, and what was on screen. */
export interface DoneHeader {
  /** SHA-256, hex, of the bytes the screen gave to pdf.js: refused if it is not D. */
  documentSha256: string;
  consentSha256: string;
  language: string;
  attempts: number;
  clears: number;
  /** The answer to each of the request's `checks`, in their order. Left out where there are none. */
  checks?: { name: string; checked: boolean }[];
  capture: ScreenCapture | StationCapture;
}

/** Read by the page from Pointer Events. `source.descriptor` and `reports` never come from a browser. */
export type ScreenCapture = Omit<Capture, 'samples' | 'reports'>;

/** Read by the station from the device: it has the samples of this attempt itself, and the batch is empty. */
export interface StationCapture { reads: 'station'; attempt: number }

export interface Done { header: DoneHeader; batch: Batch }
