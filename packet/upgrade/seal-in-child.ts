/**
 * Another seal on a stranger's file: it is read and written in a process of its own, as for an upgrade (`in-child.ts`); the key stays here.
 *
 * That process says what is signed: one that was taken over could have the seal put on another file, which this one cannot tell. It gets
 * no more signatures than one seal needs, and over nothing but signed attributes of a CMS: no certificate and no revocation list.
 * Before: `countersign packet seal`. After: `child.ts` runs `addSeal` or `sealPacket`.
 */
import type { Signer } from '#biometrics/signer.ts';
import { fromBase64, toBase64 } from '../child/base64.ts';
import { runInChild, type Answering, type ChildLimits } from '../child/index.ts';
import { looksLikeZip } from '../zip.ts';
import { FAILURES, LIMITS, notAllowed } from './in-child.ts';

/** What crosses the pipe to the child before the file: DER in Base64. */
export interface SealParameters {
  work: 'seal';
  certificate: string;
  chain: string[];
  algorithm: Signer['algorithm'];
  /** RFC 3339. */
  signedAt: string;
  place: string | null;
  demo: boolean;
  software: string;
}

/** `data` in Base64: what `Signer.sign` takes. */
export interface SealQuestion { ask: 'sign'; data: string }

export interface SealAnswer { field: string | null; version: number | null }

/** As `addSeal` and `sealPacket` take. */
export interface SealOptions { signedAt: Date; place: string | null; demo: boolean; software: string }

/** SET OF Attribute, as it is signed (RFC 5652 section 5.4). What else a key might be made to sign is a SEQUENCE. */
const SET = 0x31;
/** Signed attributes are a few hundred bytes. */
const MOST_BYTES = 64 * 1024;

/**
 * As `addSeal` and `sealPacket`, whichever the bytes are.
 * @returns `field`: of the seal in the PDF, null where it is locked; `version`: of the packet, null for a PDF
 * @throws PacketError as they, and PDF_TIMEOUT, PDF_MEMORY; PDF_BROKEN where the child died; the signer's own error if its key is away
 */
export async function sealInChild(bytes: Uint8Array, seal: Signer, options: SealOptions, limits: ChildLimits = LIMITS): Promise<SealAnswer & { bytes: Uint8Array }> {
  const key: Failing = { failure: null };
  const parameters: SealParameters = {
    ...options, work: 'seal', signedAt: options.signedAt.toISOString(), certificate: toBase64(seal.certificate), chain: seal.chain.map(toBase64), algorithm: seal.algorithm,
  };
  try {
    const { result, output } = await runInChild<SealParameters, SealAnswer>(new URL('child.ts', import.meta.url), parameters, bytes, limits, FAILURES, signing(seal, looksLikeZip(bytes) ? 2 : 1, key));
    return { ...result, bytes: new Uint8Array(output) };
  } catch (error) {
    throw key.failure ?? error;
  }
}

/** What the signer threw: its class does not survive the way through the child. */
interface Failing { failure: Error | null }

/** @param most signatures that are made: of a PDF its seal's, of a packet one more */
export function signing(seal: Pick<Signer, 'sign'>, most: number, key: Failing): Answering {
  let asked = 0;
  return async (question) => {
    asked += 1;
    const { ask, data } = question as Partial<SealQuestion>;
    const signed = typeof data === 'string' && data.length <= MOST_BYTES ? fromBase64(data) : null;
    if (asked > most || ask !== 'sign' || signed?.[0] !== SET) throw notAllowed();
    try {
      return toBase64(await seal.sign(signed));
    } catch (error) {
      key.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
}
