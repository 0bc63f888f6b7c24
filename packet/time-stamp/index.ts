/**
 * RFC 3161 time-stamps: asking for them, and verifying them offline.
 *
 *   sealed record    `fetchTimeStamp(url, SHA-256 of the file)` keeps the token beside it; `verifyTimeStampOver(token, file)`
 *   PAdES B-T        the same over SHA-256 of the signature value; the token goes into the CMS or, when it was made offline, into an addendum
 *   document stamp   the same over SHA-256 of the ByteRange
 */
export { provenTime, verifyTimeStamp, verifyTimeStampOver, type TimeStamp, type TimeStampProblem } from './verify.ts';
export { fetchTimeStamp, type FetchedTimeStamp, type FetchOptions } from './fetch.ts';
export { newNonce, timeStampRequest, type TimeStampRequest } from './request.ts';
export { readTimeStampResponse, tokenIn, type TimeStampResponse } from './response.ts';
export { readAddendum, writeAddendum, type Addendum } from './addendum.ts';
export { signatureTimeStamps } from './signature-time-stamp.ts';
