/**
 * A PKCS#11 library (OASIS PKCS#11 base specification 2.40) loaded into this process, and its calls as functions that wait on
 * another thread. Structures are laid out by hand: Windows packs them by one byte and has an `unsigned long` of 4 bytes, other
 * systems align them and have one of 8.
 *
 * The library runs with all that this process may do, and a crash of it ends the process: it is loaded by commands that seal
 * later, never by a station. A call that the library does not return from cannot be taken back.
 */
import type { KoffiFunc, LibraryHandle, TypeObject } from 'koffi';
import { KeyError } from '../errors.ts';

type Call = KoffiFunc<(...args: unknown[]) => number>;

const WINDOWS = process.platform === 'win32';
const LONG = WINDOWS ? 4 : 8;
const POINTER = 8;
/** Bytes of CK_ATTRIBUTE and of CK_MECHANISM: number, pointer, number. */
const STRUCTURE = 2 * LONG + POINTER;

/** Values live as long as the structure that points to them. */
const pointedTo = new WeakMap<Buffer, unknown>();

/** Return values (CKR_…) that are told apart here. */
export const CKR = {
  ok: 0x0, slotIdInvalid: 0x3, attributeSensitive: 0x11, attributeTypeInvalid: 0x12, deviceError: 0x30, deviceRemoved: 0x32, keyFunctionNotPermitted: 0x68, mechanismInvalid: 0x70,
  pinIncorrect: 0xa0, pinInvalid: 0xa1, pinLengthRange: 0xa2, pinExpired: 0xa3, pinLocked: 0xa4, sessionClosed: 0xb0, sessionHandleInvalid: 0xb3,
  tokenNotPresent: 0xe0, tokenNotRecognized: 0xe1, userAlreadyLoggedIn: 0x100, userPinNotInitialized: 0x102, alreadyInitialized: 0x191,
} as const;

/** Place of each function in CK_FUNCTION_LIST, and what it takes: `n` CK_ULONG, `p` a pointer. */
const FUNCTIONS = {
  C_Initialize: [0, 'p'], C_GetSlotList: [4, 'bpp'], C_GetTokenInfo: [6, 'np'], C_OpenSession: [12, 'nnppp'], C_CloseSession: [13, 'n'],
  C_Login: [18, 'nnpn'], C_GetAttributeValue: [24, 'nnpn'], C_FindObjectsInit: [26, 'npn'], C_FindObjects: [27, 'npnp'], C_FindObjectsFinal: [28, 'n'],
  C_SignInit: [42, 'npn'], C_Sign: [43, 'npnpp'],
} as const;
const TYPES: Record<string, string> = { n: 'unsigned long', p: 'void *', b: 'unsigned char' };

export type FunctionName = keyof typeof FUNCTIONS;

export interface Pkcs11Module {
  path: string;
  /** @returns CKR_…; buffers are filled in place */
  call(name: FunctionName, ...args: (number | Buffer | null)[]): Promise<number>;
  /** CK_ATTRIBUTE or CK_MECHANISM, one after another: each a type, and the bytes of its value (null: none). */
  structures(...members: readonly (readonly [type: number, value: Buffer | null])[]): Buffer;
}

const loaded = new Map<string, Promise<Pkcs11Module>>();
/** Held until the process ends: koffi unloads a library that is collected, and knows nothing of calls through its function list. */
const libraries: LibraryHandle[] = [];

/** Loaded and initialised once per process. @throws KeyError `SIGNER_AWAY` */
export function loadPkcs11Module(path: string): Promise<Pkcs11Module> {
  const known = loaded.get(path) ?? load(path);
  loaded.set(path, known);
  known.catch(() => loaded.delete(path));
  return known;
}

async function load(path: string): Promise<Pkcs11Module> {
  const koffi = (await import('koffi')).default;
  try {
    // with its own OpenSSL: else it is bound to the one that Node exports, and structures of two versions are mixed
    const library = koffi.load(path, { deep: true });
    libraries.push(library);
    const place = memory(POINTER);
    const answer = (library.func('C_GetFunctionList', 'unsigned long', ['void *']) as Call)(place);
    if (answer !== CKR.ok) throw failed('C_GetFunctionList', answer);
    const list = place.readBigUInt64LE();
    const functions = new Map<FunctionName, Call>();
    for (const [name, [index, takes]] of Object.entries(FUNCTIONS) as [FunctionName, readonly [number, string]][]) {
      // CK_VERSION of two bytes comes first
      const pointer: unknown = koffi.decode(list, (WINDOWS ? 2 : POINTER) + index * POINTER, 'void *');
      functions.set(name, koffi.decode(pointer, prototype(koffi, takes)) as Call);
    }
    const module: Pkcs11Module = {
      path,
      call: (name, ...args) => new Promise((resolve, reject) => {
        functions.get(name)!.async(...args, (error, result) => {
          // named here, so that what the library reads and writes is not collected before it answers
          args.length = 0;
          if (error) reject(error as Error);
          else resolve(result);
        });
      }),
      structures: (...members) => {
        const all = memory(members.length * STRUCTURE);
        members.forEach(([type, value], index) => {
          const at = index * STRUCTURE;
          writeLong(all, type, at);
          all.writeBigUInt64LE(value === null ? 0n : koffi.address(value), at + LONG);
          writeLong(all, value?.length ?? 0, at + LONG + POINTER);
        });
        pointedTo.set(all, members);
        return all;
      },
    };
    const initialised = await module.call('C_Initialize', initializeArguments());
    if (initialised !== CKR.ok && initialised !== CKR.alreadyInitialized) throw failed('C_Initialize', initialised);
    return module;
  } catch (cause) {
    throw new KeyError('SIGNER_AWAY', `The PKCS#11 library ${path} cannot be used: ${(cause as Error).message}. Name the library that came with the token.`, { cause });
  }
}

function prototype(koffi: (typeof import('koffi'))['default'], takes: string): TypeObject {
  return koffi.proto('unsigned long', [...takes].map((each) => TYPES[each]!));
}

/** CK_C_INITIALIZE_ARGS with CKF_OS_LOCKING_OK: calls come from more than one thread. */
function initializeArguments(): Buffer {
  const args = memory(4 * POINTER + LONG + POINTER);
  writeLong(args, 0x2, 4 * POINTER);
  return args;
}

/** Memory with an address that stays: V8 moves small typed arrays, never what lies under an ArrayBuffer made first. */
export function memory(size: number): Buffer {
  return Buffer.from(new ArrayBuffer(size));
}

/** CK_ULONG. */
export function long(value: number): Buffer {
  const bytes = memory(LONG);
  writeLong(bytes, value, 0);
  return bytes;
}

/** A number that a function has filled in; CK_UNAVAILABLE_INFORMATION (all ones) comes as -1. */
export function readLong(bytes: Buffer, index = 0): number {
  return WINDOWS ? bytes.readInt32LE(index * LONG) : Number(bytes.readBigInt64LE(index * LONG));
}

/** The length that C_GetAttributeValue wrote into a structure of `structures`. */
export function lengthIn(structure: Buffer, index: number): number {
  const at = index * STRUCTURE + LONG + POINTER;
  return WINDOWS ? structure.readInt32LE(at) : Number(structure.readBigInt64LE(at));
}

export const LONG_BYTES = LONG;

function writeLong(bytes: Buffer, value: number, at: number): void {
  if (WINDOWS) bytes.writeUInt32LE(value, at);
  else bytes.writeBigUInt64LE(BigInt(value), at);
}

/** The name of a call and its CKR_… value as the specification prints it. */
export function failed(name: FunctionName | 'C_GetFunctionList', answer: number): Error {
  return new Error(`${name} answered 0x${answer.toString(16).padStart(8, '0')}`);
}
