/**
 * Which examiners a tenant may have records sealed to. A wrong choice here is found out years later, when nobody can open
 * what was sealed; or never, when somebody can who should not.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { RecordError } from '#biometrics/errors.ts';
import { digest, integer, object, text } from '#biometrics/shape.ts';
import { describeCertificate, readCertificate } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { KeyUsage, readKeyUsage } from '../key-usage.ts';
import type { Custody, TenantConfiguration } from './documents.ts';

export type ExaminerChoice = TenantConfiguration['examiners'][number];

const readCustody = object<Custody & { certificateSha256: string }>({ set: text, threshold: integer(2, 255), shares: integer(2, 255), certificateSha256: digest });

/** RSA below this is not to be used past 2030 (NIST SP 800-131A, NIST SP 800-57 part 1 table 2); records are kept longer. */
const RSA_BITS = 3_072;

/**
 * `NAME.cert.pem` and, where the key was split, `NAME.custody.json` beside it, as `keys examiner split` writes it.
 * @throws KeyError `EXAMINER_UNFIT`, `CERTIFICATE_MALFORMED`, `CERTIFICATE_EXPIRED`, `CERTIFICATE_OF_ANOTHER_KEY`
 */
export function readExaminerFiles(path: string): ExaminerChoice {
  const custody = `${path.replace(/(\.cert)?\.(pem|crt|cer|der)$/, '')}.custody.json`;
  return examinerChoice(readCertificate(readFileSync(path)), existsSync(custody) ? { path: custody, json: readFileSync(custody, 'utf8') } : null);
}

/**
 * @param certificate DER
 * @param custody the custody file
 * @throws KeyError as `readExaminerFiles`
 */
export function examinerChoice(certificate: Uint8Array, custody: { path: string; json: string } | null): ExaminerChoice {
  checkExaminer(certificate);
  const { subject, sha256 } = describeCertificate(certificate);
  return {
    name: /(?:^|, )CN=(.+?)(?=, [A-Z]+=|$)/.exec(subject)?.[1] ?? subject,
    certificate: Buffer.from(certificate).toString('base64'),
    custody: custody === null ? null : custodyOf(custody, sha256, subject),
  };
}

/** @param certificate DER. @throws KeyError `EXAMINER_UNFIT`, `CERTIFICATE_EXPIRED` for one that records must not be sealed to */
export function checkExaminer(certificate: Uint8Array): void {
  const { subject, notAfter, keyType } = describeCertificate(certificate);
  const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(certificate).publicKey;
  const refuse = (why: string): never => { throw new KeyError('EXAMINER_UNFIT', `The examiner certificate of "${subject}" ${why}`); };
  if (keyType !== 'P-256' && (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS)) {
    refuse(`has a key of ${keyType}: records are sealed to P-256 and to RSA of ${RSA_BITS} bits or more.`);
  }
  const usage = readKeyUsage(certificate);
  const needed = asymmetricKeyType === 'rsa' ? KeyUsage.keyEncipherment : KeyUsage.keyAgreement;
  if (usage !== null && (usage & needed) === 0) refuse('is not for decryption (KeyUsage). Ask the custodian for the one that "keys examiner new" made.');
  // The key of a demonstration lies beside the station that made it.
  if (/(^|, )CN=DEMO /.test(subject)) refuse('is that of a demonstration: the private key lies beside a station.');
  if (Date.parse(notAfter) <= Date.now()) throw new KeyError('CERTIFICATE_EXPIRED', `The examiner certificate of "${subject}" ended on ${notAfter}. Ask the custodian for a new key.`);
}

/**
 * With `split`, one examiner whose key is whole could be made to open everything, alone.
 * @throws KeyError `EXAMINER_UNFIT`
 */
export function checkCustody(policy: 'any' | 'split', examiners: readonly ExaminerChoice[]): void {
  const whole = examiners.filter(({ custody }) => custody === null).map(({ name }) => name);
  if (policy === 'split' && whole.length > 0) {
    throw new KeyError('EXAMINER_UNFIT', `Custody is "split", and the key of ${whole.join(', ')} is not known to be split: there is no NAME.custody.json beside the certificate. `
      + 'Ask the custodian for it, or for a split key: countersign keys examiner split');
  }
}

function custodyOf({ path, json }: { path: string; json: string }, certificateSha256: string, subject: string): Custody {
  const custody = parseCustody(path, json);
  if (custody.certificateSha256 !== certificateSha256) throw new KeyError('CERTIFICATE_OF_ANOTHER_KEY', `${path} is of another key than the certificate of "${subject}" beside it.`);
  const { set, threshold, shares } = custody;
  return { set, threshold, shares };
}

function parseCustody(path: string, json: string): Custody & { certificateSha256: string } {
  try {
    const custody = readCustody(JSON.parse(json), path);
    if (custody.threshold > custody.shares || !/^[0-9a-f]{16}$/.test(custody.set)) throw new RecordError('RECORD_MALFORMED', `${path}: no such splitting can be`);
    return custody;
  } catch (cause) {
    throw new KeyError('EXAMINER_UNFIT', `${path} is not what "keys examiner split" writes: ${(cause as Error).message}`, { cause });
  }
}
