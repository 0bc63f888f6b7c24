/**
 * What every answer of the station tells a browser. Content Security Policy Level 3, Permissions Policy, Fetch.
 * A script that got into a page all the same could still do what the page's session may do.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // pdf.js decodes JPEG 2000 and colour profiles in WebAssembly
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  // pdf.js places its text with style attributes
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data: blob:",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const permissions = (geolocation: '()' | '(self)'): string => `camera=(), microphone=(), geolocation=${geolocation}, clipboard-read=(), display-capture=()`;

/** Of the guest's page, where the hotel wants the place of the tablet in the trail. */
export const PERMISSIONS_WITH_PLACE = permissions('(self)');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // one-time tokens stand in addresses
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': permissions('()'),
  // documents and states never reach a disk cache; built screens say otherwise
  'Cache-Control': 'no-store',
};
