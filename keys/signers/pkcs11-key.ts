/**
 * A signing key in a PKCS#11 token: a smart card, an HSM, SoftHSM2. Only a SHA-256 digest goes to the token (CKM_ECDSA, or
 * CKM_RSA_PKCS over a DigestInfo), and the private key never leaves it.
 *
 * Before: `pkcs11-uri.ts` says where the key is, `pkcs11-module.ts` speaks to the library. The PIN is tried once, and never where
 * the token says that one more wrong one would lock it: a wrong PIN in a file must not cost the key.
 */
import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { algorithm, nothing, octetString, oid, sequence } from '#biometrics/cms/der.ts';
import { OID } from '#biometrics/cms/object-identifiers.ts';
import { KeyError } from '../errors.ts';
import { bitString, integer } from '../x509-parts.ts';
import { CKR, failed, lengthIn, loadPkcs11Module, long, LONG_BYTES, memory, readLong, type FunctionName, type Pkcs11Module } from './pkcs11-module.ts';
import type { Pkcs11Place } from './pkcs11-uri.ts';
import { checkedKey, type SigningKey } from './signing-key.ts';

const CKO = { certificate: 1, publicKey: 2, privateKey: 3 } as const;
const CKA = { class: 0x0, label: 0x3, value: 0x11, keyType: 0x100, id: 0x102, modulus: 0x120, publicExponent: 0x122, ecParams: 0x180, ecPoint: 0x181, alwaysAuthenticate: 0x202 } as const;
const CKK_RSA = 0;
const CKM = { rsaPkcs: 0x1, ecdsa: 0x1041 } as const;
const CKU = { user: 1, contextSpecific: 2 } as const;
const CKF_SERIAL_SESSION = 0x4;
/** Flags of CK_TOKEN_INFO. */
const TOKEN = { loginRequired: 0x4, pinInitialized: 0x8, ownPinPad: 0x100, finalTry: 0x20000, locked: 0x40000 } as const;
const MAX_SLOTS = 64;
const MAX_ATTRIBUTE = 8_192;

/**
 * Opens a session and logs in. `pin` is asked where the place names no file and the token has no pad of its own; again before every
 * signature by a key that wants that (CKA_ALWAYS_AUTHENTICATE).
 * @throws KeyError `SIGNER_AWAY`, `SIGNER_KEY_UNKNOWN`, `SIGNER_KEY_UNFIT`, `PIN_WRONG`, `PIN_LOCKED`
 */
export async function openPkcs11Key(place: Pkcs11Place, pin: () => Promise<string>): Promise<SigningKey> {
  const module = await loadPkcs11Module(place.modulePath);
  const run = (name: FunctionName, ...args: (number | Buffer | null)[]): Promise<void> => checked(module, name, ...args);
  const { slot, flags, name } = await findToken(module, place);
  const handle = memory(LONG_BYTES);
  await run('C_OpenSession', slot, CKF_SERIAL_SESSION, null, null, handle);
  const session = readLong(handle);
  try {
    await logIn(module, session, CKU.user, flags, name, pin);
    const key = await findKey(module, session, place, name);
    const isAsked = (await attributeOf(module, session, key, CKA.alwaysAuthenticate))?.[0] === 1;
    // between C_SignInit and C_Sign (base specification 2.40, section 4.9); what happened to the PIN since is asked anew
    const confirm = !isAsked ? null : async () => logIn(module, session, CKU.contextSpecific, await flagsOf(module, slot), name, pin);
    const publicKey = await readPublicKey(module, session, key, name);
    let last: Promise<unknown> = Promise.resolve();
    return checkedKey(publicKey, `The key in the token “${name}”`, (data) => {
      // a session signs one thing at a time
      const signed = last.then(() => sign(module, session, key, publicKey, confirm, data));
      last = signed.catch(() => {});
      return signed;
    }, async () => { await last; await module.call('C_CloseSession', session); });
  } catch (error) {
    await module.call('C_CloseSession', session);
    throw error;
  }
}

async function findToken(module: Pkcs11Module, { token, serial }: Pkcs11Place): Promise<{ slot: number; flags: number; name: string }> {
  const [slots, count] = [memory(LONG_BYTES * MAX_SLOTS), long(MAX_SLOTS)];
  await checked(module, 'C_GetSlotList', 1, slots, count);
  const found: { slot: number; flags: number; name: string; serial: string }[] = [];
  for (let index = 0; index < readLong(count); index++) {
    const slot = readLong(slots, index);
    // CK_TOKEN_INFO: label 32, manufacturer 32, model 16, serial number 16 bytes, padded with blanks; then flags
    const info = memory(512);
    if (await module.call('C_GetTokenInfo', slot, info) !== CKR.ok) continue;
    const text = (from: number, to: number) => info.toString('utf8', from, to).replace(/[ \0]+$/, '');
    found.push({ slot, name: text(0, 32), serial: text(80, 96), flags: info.readUInt32LE(96) });
  }
  const fitting = found.filter((each) => (token === null || each.name === token) && (serial === null || each.serial === serial));
  if (fitting.length === 1) return fitting[0]!;
  const there = found.map((each) => `“${each.name}” (serial ${each.serial})`).join(', ') || 'none';
  if (fitting.length === 0) throw new KeyError('SIGNER_AWAY', `The token asked for is not there. Tokens there: ${there}. Plug it in, or name another: token=LABEL or serial=NUMBER.`);
  throw new KeyError('SIGNER_KEY_UNKNOWN', `More than one token fits. Tokens there: ${there}. Name one: token=LABEL or serial=NUMBER.`);
}

/** Whether the PIN may be tried: null, or why not. */
export function pinMustNotBeTried(flags: number): { code: 'PIN_LOCKED' | 'PIN_WRONG'; why: string } | null {
  // nothing is to be gained by trying
  if (flags & TOKEN.locked) return { code: 'PIN_LOCKED', why: 'has locked its PIN after too many wrong ones. Unlock it with the tool that came with it' };
  if (!(flags & TOKEN.pinInitialized)) return { code: 'PIN_LOCKED', why: 'has no user PIN yet. Set one with the tool that came with it' };
  // the next wrong one would lock the key away, perhaps for good: a person decides, with the token's own tool
  if (flags & TOKEN.finalTry) return { code: 'PIN_WRONG', why: 'takes one more wrong PIN before it locks, and none was tried. Log in with the tool that came with it, which counts anew' };
  return null;
}

async function flagsOf(module: Pkcs11Module, slot: number): Promise<number> {
  const info = memory(512);
  await checked(module, 'C_GetTokenInfo', slot, info);
  return info.readUInt32LE(96);
}

async function logIn(module: Pkcs11Module, session: number, user: number, flags: number, name: string, pin: () => Promise<string>): Promise<void> {
  if (!(flags & TOKEN.loginRequired)) return;
  const refused = pinMustNotBeTried(flags);
  if (refused !== null) throw new KeyError(refused.code, `The token “${name}” ${refused.why}.`);
  const typed = flags & TOKEN.ownPinPad ? null : Buffer.from(await pin(), 'utf8');
  const answer = await module.call('C_Login', session, user, typed, typed?.length ?? 0);
  typed?.fill(0);
  switch (answer) {
    case CKR.ok: case CKR.userAlreadyLoggedIn: return;
    case CKR.pinIncorrect: case CKR.pinInvalid: case CKR.pinLengthRange:
      throw new KeyError('PIN_WRONG', `The token “${name}” does not take this PIN. It counts wrong ones and locks itself: find the right one before trying again.`);
    case CKR.pinLocked: throw new KeyError('PIN_LOCKED', `The token “${name}” has locked its PIN after too many wrong ones. Unlock it with the tool that came with it.`);
    case CKR.pinExpired: throw new KeyError('PIN_LOCKED', `The PIN of the token “${name}” has ended. Set a new one with the tool that came with it.`);
    case CKR.userPinNotInitialized: throw new KeyError('PIN_LOCKED', `The token “${name}” has no user PIN yet. Set one with the tool that came with it.`);
    default: throw asKeyError('C_Login', answer);
  }
}

async function findKey(module: Pkcs11Module, session: number, { object, id }: Pkcs11Place, name: string): Promise<number> {
  const found = await find(module, session, [
    [CKA.class, long(CKO.privateKey)],
    ...(object === null ? [] : [[CKA.label, steady(Buffer.from(object, 'utf8'))] as const]),
    ...(id === null ? [] : [[CKA.id, steady(id)] as const]),
  ]);
  if (found.length === 1) return found[0]!;
  const asked = [object === null ? '' : `label “${object}”`, id === null ? '' : `id ${id.toString('hex')}`].filter((part) => part !== '').join(' and ');
  throw new KeyError('SIGNER_KEY_UNKNOWN', found.length === 0
    ? `The token “${name}” has no private key with ${asked}. List its keys with: pkcs11-tool --module ${module.path} --login --list-objects`
    : `The token “${name}” has more than one private key with ${asked}. Name label and id: object=LABEL;id=%01`);
}

/** At most two: more are not told apart. */
async function find(module: Pkcs11Module, session: number, template: readonly (readonly [number, Buffer])[]): Promise<number[]> {
  await checked(module, 'C_FindObjectsInit', session, module.structures(...template), template.length);
  const [handles, count] = [memory(2 * LONG_BYTES), long(0)];
  await checked(module, 'C_FindObjects', session, handles, 2, count);
  await checked(module, 'C_FindObjectsFinal', session);
  return Array.from({ length: readLong(count) }, (_, index) => readLong(handles, index));
}

/** From the private key where it tells (RSA), else from the public key or the certificate of the same id. */
async function readPublicKey(module: Pkcs11Module, session: number, key: number, name: string): Promise<KeyObject> {
  const type = await attributeOf(module, session, key, CKA.keyType);
  const modulus = await attributeOf(module, session, key, CKA.modulus);
  const exponent = await attributeOf(module, session, key, CKA.publicExponent);
  if (type !== null && readLong(type) === CKK_RSA && modulus !== null && exponent !== null) {
    const rsa = sequence(integer(modulus), integer(exponent));
    return publicKeyOf(sequence(algorithm(OID.rsaEncryption, nothing()), bitString(rsa)), name);
  }
  const id = await attributeOf(module, session, key, CKA.id);
  const beside = async (kind: number) => (id === null ? [] : find(module, session, [[CKA.class, long(kind)], [CKA.id, steady(id)]]));
  for (const publicKey of await beside(CKO.publicKey)) {
    const [parameters, point] = [await attributeOf(module, session, publicKey, CKA.ecParams), await attributeOf(module, session, publicKey, CKA.ecPoint)];
    if (parameters !== null && point !== null) return publicKeyOf(sequence(sequence(oid(OID.ecPublicKey), parameters), bitString(barePoint(point))), name);
  }
  for (const certificate of await beside(CKO.certificate)) {
    const der = await attributeOf(module, session, certificate, CKA.value);
    if (der !== null) return new X509Certificate(der).publicKey;
  }
  throw new KeyError('SIGNER_KEY_UNFIT', `The token “${name}” does not tell the public half of the key. Put its public key or its certificate, with the same id, into the token.`);
}

/** CKA_EC_POINT is an OCTET STRING around the 65 bytes of an uncompressed point; some libraries give the point itself. */
function barePoint(value: Buffer): Uint8Array {
  return value.length === 67 ? value.subarray(2) : value;
}

function publicKeyOf(spki: Uint8Array, name: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new KeyError('SIGNER_KEY_UNFIT', `The public half of the key in the token “${name}” cannot be read.`, { cause });
  }
}

async function attributeOf(module: Pkcs11Module, session: number, object: number, type: number): Promise<Buffer | null> {
  const value = memory(MAX_ATTRIBUTE);
  const template = module.structures([type, value]);
  const answer = await module.call('C_GetAttributeValue', session, object, template, 1);
  if (answer === CKR.attributeTypeInvalid || answer === CKR.attributeSensitive) return null;
  if (answer !== CKR.ok) throw asKeyError('C_GetAttributeValue', answer);
  const length = lengthIn(template, 0);
  return length <= 0 ? null : value.subarray(0, length);
}

/** DigestInfo of SHA-256 up to the digest (RFC 8017 section 9.2, note 1). */
const digestInfo = (digest: Uint8Array) => sequence(algorithm(OID.sha256, nothing()), octetString(digest));

async function sign(module: Pkcs11Module, session: number, key: number, publicKey: KeyObject, confirm: (() => Promise<void>) | null, data: Uint8Array): Promise<Uint8Array> {
  const rsa = publicKey.asymmetricKeyType === 'rsa';
  const digest = createHash('sha256').update(data).digest();
  const message = steady(rsa ? digestInfo(digest) : digest);
  const [signature, length] = [memory(1_024), long(1_024)];
  await checked(module, 'C_SignInit', session, module.structures([rsa ? CKM.rsaPkcs : CKM.ecdsa, null]), key);
  await confirm?.();
  await checked(module, 'C_Sign', session, message, message.length, signature, length);
  const signed = signature.subarray(0, readLong(length));
  // two numbers of equal length, side by side (PKCS#11 current mechanisms 2.40, section 2.3.1)
  return rsa ? new Uint8Array(signed) : sequence(integer(signed.subarray(0, signed.length / 2)), integer(signed.subarray(signed.length / 2)));
}

function steady(bytes: Uint8Array): Buffer {
  const copy = memory(bytes.length);
  copy.set(bytes);
  return copy;
}

async function checked(module: Pkcs11Module, name: FunctionName, ...args: (number | Buffer | null)[]): Promise<void> {
  const answer = await module.call(name, ...args);
  if (answer !== CKR.ok) throw asKeyError(name, answer);
}

const AWAY = new Set<number>([CKR.slotIdInvalid, CKR.deviceError, CKR.deviceRemoved, CKR.sessionClosed, CKR.sessionHandleInvalid, CKR.tokenNotPresent, CKR.tokenNotRecognized]);
const UNFIT = new Set<number>([CKR.mechanismInvalid, CKR.keyFunctionNotPermitted]);

function asKeyError(name: FunctionName, answer: number): KeyError {
  const said = failed(name, answer).message;
  if (AWAY.has(answer)) return new KeyError('SIGNER_AWAY', `The token is gone or does not answer (${said}). Plug it in and try again.`);
  if (UNFIT.has(answer)) return new KeyError('SIGNER_KEY_UNFIT', `The token does not sign with this key as needed: CKM_ECDSA, or CKM_RSA_PKCS (${said}).`);
  return new KeyError('SIGN_FAILED', `The token failed: ${said}.`);
}
