/**
 * Something that holds a private key and signs with it: software, PKCS#11 or KMS (all in `keys/`).
 * The interface lives here because `biometrics` may import nothing of ours.
 */
export interface Signer {
  /** The signer's X.509 certificate, DER. */
  readonly certificate: Uint8Array;
  /** The certificates above it, leaf's issuer first, root last, DER. */
  readonly chain: readonly Uint8Array[];
  readonly algorithm: SignerAlgorithm;
  /**
   * Signs the bytes given (hashing them with SHA-256 itself).
   * @returns of ECDSA, DER `ECDSA-Sig-Value` (RFC 3279 section 2.2.3); of RSA, as many bytes as its modulus.
   * @throws the error class of the folder that implements it, if the key is away, locked or refused.
   */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** ECDSA over P-256 with SHA-256 (FIPS 186-5), or RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2). */
export type SignerAlgorithm = 'ecdsa-p256-sha256' | 'rsa-pkcs1-sha256';
