/**
 * The answer of `verify`, in the words of ETSI EN 319 102-1 clause 5.1.3, and the report it grows from.
 *
 * TOTAL-FAILED: something is provably wrong. INDETERMINATE: it could not be shown to be right. TOTAL-PASSED: every
 * check that was asked for held. Which checks were not asked for stands in the findings.
 */

import type { Assessment } from '#biometrics/assessment.ts';
import type { RecordContext } from '#biometrics/context.ts';
import type { SealKind } from '#keys/signers/seal-certificate.ts';
import type { OnlineOptions } from './online.ts';

export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE';

/** Sub-indications of clause 5.1.3, tables 5 and 6: those used here. POE: proof of existence at a time. */
export type FailedBecause = 'FORMAT_FAILURE' | 'HASH_FAILURE' | 'SIG_CRYPTO_FAILURE';
export type UndeterminedBecause =
  | 'SIG_CONSTRAINTS_FAILURE' | 'CHAIN_CONSTRAINTS_FAILURE' | 'CERTIFICATE_CHAIN_GENERAL_FAILURE' | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'NO_SIGNING_CERTIFICATE_FOUND' | 'NO_CERTIFICATE_CHAIN_FOUND' | 'OUT_OF_BOUNDS_NO_POE' | 'REVOKED_NO_POE' | 'REVOKED_CA_NO_POE'
  | 'SIGNED_DATA_NOT_FOUND' | 'TRY_LATER' | 'GENERIC';

/** `error` decides the indication, `warning` must be read with it, `note` is there to know. */
export interface Finding { code: string; severity: 'error' | 'warning' | 'note'; message: string }

export interface SignatureResult {
  /** The field's name; `META-INF/signature001.p7s` for the container's signature. */
  field: string;
  /** The bytes it covers are the bytes that were signed, and nothing hides between or behind them. */
  intact: boolean;
  /** Its certificate leads to a root given; null where none was given. */
  trusted: boolean | null;
  /** It covers the whole file, or the whole packet. */
  wholeFile: boolean;
  /** `PAdES-B-B`, `-B-T`, `-B-LT`, `-B-LTA`: what lies in the file, believed or not (EN 319 142-1); `CAdES-B-B`, or `CMS` for one that follows neither baseline. */
  level: string;
  /** Distinguished name of the certificate; null where it cannot be read. */
  signer: string | null;
  /** SHA-256 (hex) of that certificate: two may bear one name. */
  certificateSha256: string | null;
  /** Who vouches for that name: `unknown` where the issuer's certificate is not at hand. `issuer`: the root, or whoever is named as issuer. */
  vouched: { kind: SealKind | 'unknown'; issuer: string } | null;
  /** The signing request that a signature of ours names; null for those of others. */
  request: string | null;
  /** RFC 3339: the signer's clock, a claim. */
  claimedTime: string | null;
  /** RFC 3339: a time-stamp authority's word that the signature existed then; null where there is none. */
  provenTime: string | null;
}

/** A time-stamp inside a file, or given with it over one of its signatures. */
export interface TimeStampResult {
  /** One signature value; the whole PDF up to it; a packet's version with all before it. */
  over: 'signature' | 'document' | 'packet';
  /** Of the signature, or its own. */
  field: string;
  /** As the authority says, RFC 3339. */
  time: string;
  authority: string;
  /** It is over these bytes and was not changed. */
  intact: boolean;
  /** Its authority's certificate leads to a root given for time-stamps; null where none was given. */
  trusted: boolean | null;
  /** What it proves, its accuracy added, RFC 3339; null where it proves nothing. */
  provenTime: string | null;
}

/** A later version of a packet, from 2. */
export interface PacketVersionResult {
  number: number;
  /** Of the packet before, hex, as it says; it lies in this one whole. */
  previousSha256: string;
  how: 'upgrade' | 'seal';
  /** RFC 3339: the clock of whoever made it, a claim. */
  claimedTime: string;
  /** It names all files, the packet before is the one in it, and its PDF is that one's with nothing but more. */
  intact: boolean;
}

/** A revision of a PDF: the first is everything that the first signature covers, each further one an update behind it. */
export interface RevisionResult {
  /** From 1. */
  number: number;
  /** Bytes of the file up to its end. */
  length: number;
  /** What it added, besides its seals nothing that changes what is shown; false where it holds anything else. */
  allowed: boolean;
  changes: { kind: 'validation-data' | 'metadata' | 'signature' | 'document-time-stamp' | 'form-field'; field: string | null; visible: boolean }[];
  /** Why it is not allowed, as the end of a sentence. */
  problem: string | null;
  /** Signatures and document time-stamps that it ends with; times as in `SignatureResult`. None: nobody has sealed it. */
  seals: { field: string; signer: string | null; claimedTime: string | null; provenTime: string | null }[];
}

export interface SealedRecordResult {
  /** The field's name; empty for a record lying alone and closed. */
  name: string;
  /** Of the bytes found, hex, and how many they are. */
  sha256: string;
  length: number;
  /** As the signature dictionary or, lying alone, the opened record says (`claimed`), or as both say (`checked`). */
  documentSha256: string | null;
  bound: 'claimed' | 'checked';
  recipients: { kind: 'rsa' | 'p256'; issuer: string; serial: string }[];
  /** RFC 3339: a time-stamp authority's word that these bytes existed then; null where there is none. */
  provenTime: string | null;
  /** What the record inside says; null while it is closed. No sample of the pen is among it. */
  opened: OpenedRecordResult | null;
}

/** An opened record, without how the pen moved. All of it is the device's word, worth as much as `device`. */
export interface OpenedRecordResult {
  /** Of FORMAT.md. */
  version: number;
  device: {
    /** Distinguished name, serial number (hex) and SHA-256 (hex) of the certificate. */
    signer: string;
    serial: string;
    sha256: string;
    /** The record is what this device signed. */
    intact: boolean;
    /** As in `SignatureResult`. */
    trusted: boolean | null;
  };
  /** By the station's clock, a claim; and how that clock was known. */
  time: RecordContext['time'];
  document: RecordContext['document'];
  request: string;
  station: { tenant: string; site: string; id: string };
  configuration: RecordContext['configuration'];
  chain: RecordContext['chain'];
  acceptance: RecordContext['acceptance'];
  assessment: {
    /** As it stands in the record: what the station knew; null in records before version 3. */
    kept: Assessment | null;
    /** Computed anew from the samples by this program. */
    anew: Assessment;
    /** Codes of the findings in which the two differ. */
    differing: string[];
  };
}

/** The hotel's statement that a packet does not count. All of it is the word of whoever signed it. */
export interface VoidResult {
  /** What it has in common with the file: the very bytes of this packet, or one of its signing requests. */
  names: 'packet' | 'request';
  request: string;
  packetSha256: string;
  reason: 'wrong-document' | 'wrong-guest' | 'signed-twice' | 'other';
  /** RFC 3339: the station's clock, a claim. */
  at: string;
  /** Who said so at the desk, a claim. */
  by: string | null;
  station: { tenant: string; site: string; name: string };
  /** Distinguished name of the device's certificate. */
  signer: string;
  /** As in `SignatureResult`. */
  trusted: boolean | null;
  /** A device of the company that sealed the file signed it, as far as roots were given. */
  believed: boolean;
}

/** What the tenant says of its certificates, as far as it was asked. */
export interface PapersResult {
  devices: { tenant: string; number: number; issuedAt: string; sha256: string } | null;
  /** `given`: by whoever asks; `carried`: it lay in the file. Only those that were used. Times in RFC 3339. */
  revocationLists: { from: 'given' | 'carried'; issuer: string; number: number | null; thisUpdate: string; nextUpdate: string | null; sha256: string }[];
}

export interface VerifyResult {
  /** What the file was taken for. */
  kind: 'packet' | 'pdf' | 'sealed-record';
  indication: Indication;
  subIndication: FailedBecause | UndeterminedBecause | null;
  /** True only with TOTAL-PASSED. */
  valid: boolean;
  /** Every signature, and every device whose record was opened. Null where no root was given: then `valid` says "unchanged since it was signed", not by whom. */
  trusted: boolean | null;
  /**
   * D, the document as the guest saw it: the first `length` bytes of the signed PDF. The whole file where the PDF is not ours; of a sealed
   * record alone, the document it names, null while it is closed.
   */
  document: { sha256: string; length: number } | null;
  signatures: SignatureResult[];
  /** In the order of the file; those over signatures first. */
  timeStamps: TimeStampResult[];
  /** Of the PDF, from the one that its first signature covers; empty where nothing is signed. */
  revisions: RevisionResult[];
  sealedRecords: SealedRecordResult[];
  /** Of a packet, those after the first; empty where nothing was added. */
  packetVersions: PacketVersionResult[];
  /** Null for a PDF without a packet around it. */
  audit: { intact: boolean; events: number } | null;
  /** Statements given that name this file. None: none was given, which does not mean that there is none. */
  voids: VoidResult[];
  papers: PapersResult;
  findings: Finding[];
}

/** What is asked of `verify`. */
export interface VerifyOptions {
  /** Root certificates to trust, DER. None: signers are named, not trusted. */
  trust?: readonly Uint8Array[];
  /** Opens sealed records: PKCS#8 DER, and the certificate it belongs to (DER) if known. */
  examinerKey?: { privateKey: Uint8Array; certificate?: Uint8Array };
  /** When certificates must be valid, unless a time-stamp proves another time: the present. */
  now?: Date;
  /** Certificates that may lie between a signer and a root, besides those in the file, DER. */
  certificates?: readonly Uint8Array[];
  /**
   * The tenant's device list (CMS, DER or PEM), genuine under a root of `trust`; revocation lists (DER or PEM), each by a root given or by
   * an authority on the way to one.
   */
  devices?: Uint8Array;
  revoked?: readonly Uint8Array[];
  /** Statements that a packet is void, CMS, DER: any among them may be of other packets, or none. */
  voids?: readonly Uint8Array[];
  /** May go to the addresses in certificates. Left out or null: no network at all. */
  online?: OnlineOptions | null;
  /** RFC 3161 tokens over the file, a signature value or a sealed record (DER; answers and addenda too), and the roots under which a time-stamp authority is believed (DER). */
  timeStamps?: readonly Uint8Array[];
  timeStampTrust?: readonly Uint8Array[];
  /** For a sealed record alone: the document it should name, D or a PDF of ours signed over D. */
  document?: Uint8Array;
}

/** Collects findings. The first failure, else the first doubt, gives the sub-indication. */
export class Report {
  readonly findings: Finding[] = [];
  /** How many failures and doubts were reported: whoever checks one part sees by it whether that part held. */
  errors = 0;
  #failed: FailedBecause | null = null;
  #undetermined: UndeterminedBecause | null = null;

  /** Provably wrong. */
  fail(because: FailedBecause, code: string, message: string): void {
    this.#failed ??= because;
    this.errors++;
    this.#add(code, 'error', message);
  }

  /** Not shown to be right. */
  doubt(because: UndeterminedBecause, code: string, message: string): void {
    this.#undetermined ??= because;
    this.errors++;
    this.#add(code, 'error', message);
  }

  warn(code: string, message: string): void {
    this.#add(code, 'warning', message);
  }

  note(code: string, message: string): void {
    this.#add(code, 'note', message);
  }

  /** Indication, sub-indication and findings of everything reported so far. */
  conclude(): Pick<VerifyResult, 'indication' | 'subIndication' | 'valid' | 'findings'> {
    const subIndication = this.#failed ?? this.#undetermined;
    const indication = this.#failed !== null ? 'TOTAL-FAILED' : this.#undetermined !== null ? 'INDETERMINATE' : 'TOTAL-PASSED';
    return { indication, subIndication, valid: indication === 'TOTAL-PASSED', findings: this.findings };
  }

  /** The same thing said of two signatures is said once. */
  #add(code: string, severity: Finding['severity'], message: string): void {
    if (!this.findings.some((finding) => finding.code === code && finding.message === message)) this.findings.push({ code, severity, message });
  }
}
