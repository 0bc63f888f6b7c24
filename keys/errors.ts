/**
 * The one error class of this folder. Callers branch on `code`, never on the message.
 */
export class KeyError extends Error {
  readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyError';
    this.code = code;
  }
}

export type KeyErrorCode =
  /** Neither PEM nor DER of a PKCS#8, SEC 1 or PKCS#1 private key. */
  | 'PRIVATE_KEY_MALFORMED'
  /** A private key under a passphrase: this program never asks for one. */
  | 'PRIVATE_KEY_ENCRYPTED'
  /** Neither PEM nor DER of an X.509 certificate. */
  | 'CERTIFICATE_MALFORMED'
  /** A certificate of this station is past its last day. */
  | 'CERTIFICATE_EXPIRED'
  /** A name that does not fit into a certificate: empty, over 64 characters, or with control characters. */
  | 'NAME_INVALID'
  /** A file that holds a secret can be read by other users of this machine. */
  | 'SECRET_EXPOSED'
  /** The folder of secrets cannot be read or written; the message holds the path and the system's reason. */
  | 'SECRET_STORE'
  /** The key folder lacks a file or holds a damaged one; the message says which. */
  | 'KEYS_INCOMPLETE'
  /** The key folder was made for another tenant, site or station. */
  | 'KEYS_OF_ANOTHER_STATION'
  /** A data folder of a demonstration, which never becomes a tenant's. */
  | 'KEYS_ARE_DEMO'
  /** An examiner's private key lies in a station's key folder. */
  | 'EXAMINER_KEY_HERE'
  /** The custody folder is there but lacks a public half. */
  | 'CUSTODY_INCOMPLETE'
  /** A file of that examiner is already in the folder: nothing is ever overwritten there. */
  | 'EXAMINER_EXISTS'
  /** Numbers of shares that make no splitting: fewer than 2 needed, more needed than made, more than 255. */
  | 'SPLIT_INVALID'
  /** A share with a wrong, missing or added character. */
  | 'SHARE_DAMAGED'
  /** A share from another splitting than the first. */
  | 'SHARE_OF_ANOTHER_SET'
  /** The same share came twice. */
  | 'SHARE_TWICE'
  /** Fewer shares than the threshold. */
  | 'SHARES_TOO_FEW'
  /** A locked key that cannot be read, or that intact shares of its set do not open. */
  | 'LOCKED_KEY_DAMAGED'
  /** The locked key comes from another splitting than the shares. */
  | 'LOCKED_KEY_OF_ANOTHER_SET'
  /** A certificate whose public key is not that of the private key, or that is not the one the key was split with. */
  | 'CERTIFICATE_OF_ANOTHER_KEY'
  /** A tenant's paper (enrolment, configuration, device list, revocation list) that cannot be read, or is another kind of paper. */
  | 'PAPER_MALFORMED'
  /** A tenant's paper whose signature does not hold, or that the tenant's administrator did not sign. */
  | 'PAPER_NOT_GENUINE'
  /** A tenant's paper older than the one in force, or another one of the same number. */
  | 'PAPER_OLDER'
  /** A tenant's paper made for another tenant or station. */
  | 'PAPER_OF_ANOTHER'
  /** A request for a certificate that cannot be read, whose signature does not hold, or that asks for something else. */
  | 'REQUEST_INVALID'
  /** A revocation list that cannot be read, or that says something not known here. */
  | 'CRL_MALFORMED'
  /** Another passphrase than the key's, or none for a key that is under one. */
  | 'PASSPHRASE_WRONG'
  /** A passphrase that is too short or too long to protect a key. */
  | 'PASSPHRASE_UNFIT'
  /** There is something already where a new tenant's folder should be made: nothing was written. */
  | 'TENANT_EXISTS'
  /** A tenant's folder that lacks a file, or is none. */
  | 'TENANT_INCOMPLETE'
  /** Somebody else added to the tenant's folder meanwhile: nothing was added. */
  | 'TENANT_CHANGED'
  /** The tenant has no configuration yet, or lacks what one must have. */
  | 'NOT_CONFIGURED'
  /** The fingerprint given is not that of the request. */
  | 'FINGERPRINT_DIFFERS'
  /** A length of life that a certificate may not have. */
  | 'VALIDITY_INVALID'
  /** An examiner's certificate or custody that records must not be sealed under; the message says why. */
  | 'EXAMINER_UNFIT'
  /** A file given for the configuration that is not what it should be. */
  | 'CONFIGURATION_INVALID'
  /** The tenant has given nothing to a station of that name, or to several. */
  | 'STATION_UNKNOWN'
  /** A revocation that changes nothing, or whose time cannot be. */
  | 'REVOCATION_INVALID'
  /** A reference to a key that is none of those known here. */
  | 'KEY_REFERENCE_INVALID'
  /** A key's token or service is not there now, or does not answer: later it may. */
  | 'SIGNER_AWAY'
  /** A key's service refuses this program or this key: a person must set it right. */
  | 'SIGNER_REFUSED'
  /** The token or service has no key of that name, or several. */
  | 'SIGNER_KEY_UNKNOWN'
  /** A key of a kind, or for a use, with which nothing is sealed here. */
  | 'SIGNER_KEY_UNFIT'
  /** Another PIN than the token's, or one that must not be tried. */
  | 'PIN_WRONG'
  /** The token has locked the PIN after too many wrong ones, or has none yet. */
  | 'PIN_LOCKED'
  /** A seal certificate that must not be installed; the message says why. */
  | 'SEAL_CERTIFICATE_UNFIT'
  /** The private key could not sign. */
  | 'SIGN_FAILED'
  /** Bytes at rest that do not decrypt: another key, other bytes, or another purpose. */
  | 'AT_REST_DECRYPT';
