/** What the record of a signing on an ordinary station says beside its samples. */
import type { RecordContext } from '#biometrics/context.ts';

const SHA256 = '3f786850e387550fdab836ed7e6dc881de23001b9a3bbf2f3c1d5e1e0f4d0c71';

export const benchContext: RecordContext = {
  requestId: '0192f0c1-5a00-7000-8000-00000000a412', tenant: 'norrvik', site: 'stockholm',
  station: { id: 'front-desk', software: 'countersign 0.1.0', tablet: 'front' },
  configuration: { number: 3, sha256: SHA256 }, demo: false,
  document: { sha256: SHA256, length: 29_813 },
  field: { name: 'guest', page: 0, rect: { x: 50, y: 102, width: 233, height: 60 } },
  consent: { sha256: SHA256, version: '1', language: 'en', agreedAt: '2026-11-21T09:00:00Z' },
  chain: { number: 4_711, previousSha256: SHA256 }, attempts: 1, clears: 0,
  shown: {
    sha256: SHA256, language: 'en', underInk: 'page', pages: [{ page: 0, ms: 6_200 }],
    viewport: { width: 1280, height: 800, devicePixelRatio: 1.5 }, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0',
  },
  acceptance: { refusals: [], exception: null },
  assessment: null,
  time: { signedAt: '2026-11-21T09:00:12Z', source: 'ntp', synchronised: true, lastSync: { at: '2026-11-21T08:58:02Z', server: '192.0.2.123' }, steps: [], bootId: '8d1f0c53-6a0e-4a54-9b0b-0d5f2d7b9f11' },
  recipients: [SHA256],
};
