/** What a time-stamp may be at most. Real ones take 1 to 10 KB with their chain. */

/** Bytes of a token, or of an authority's answer. */
export const MAX_TIME_STAMP = 256 * 1024;

/** Certificates in a token: to look for a path among them costs up to their square. */
export const MAX_CERTIFICATES = 32;
