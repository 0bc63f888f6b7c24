/** Keys and papers of a station as its commands tell them (`control-socket.ts`): nothing secret. */
import { sealAt, vouchedBy, type StationKeys } from '#keys/index.ts';
import type { Station } from './station.ts';

/** For `status`: of whom it is, what is in force, what ends when, and whether anything may be signed. */
export function papersView({ papers }: Station): object {
  const { keys, problem } = papers;
  const capture = papers.allowed();
  const common = { capture: capture.allowed ? { allowed: true } : { allowed: false, why: capture.why, reason: capture.reason }, problem };
  if (keys.awaiting !== null) return { mode: 'awaiting enrolment', request: keys.awaiting, ...common };
  const { configuration = null, crl = null } = keys.papers ?? {};
  return {
    mode: keys.demo ? 'demo' : 'enrolled', ...common,
    configuration, crl: crl === null ? null : { number: crl.number, sha256: crl.sha256, nextUpdate: crl.nextUpdate },
    custody: keys.custody, certificates: keys.certificates, renewal: keys.renewal, seal: vouchedBy(sealAt(keys, new Date())),
  };
}

/** For `station-keys`: certificates are DER in Base64. */
export function keysView(keys: StationKeys): object {
  if (keys.awaiting !== null) return { demo: false, awaiting: keys.awaiting, atRest: keys.protection };
  return {
    demo: keys.demo, awaiting: null,
    device: base64(keys.device.certificate), seal: base64(keys.seal.certificate), trust: base64(keys.trust),
    examiners: keys.examiners.map(({ name, certificate, demo }) => ({ name, certificate: base64(certificate), demo })),
    store: { id: keys.storePublicKey.id }, atRest: keys.protection,
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
