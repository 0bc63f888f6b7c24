/**
 * What an opened record shows besides its strokes: that its device signed it, whether that device can be believed, and how far the
 * capture can be examined, as the station found it and as it is found now.
 *
 * Before: `sealed-record.ts` and `bare-record.ts` opened it, in the child process. After: its result goes back, and no sample is in it.
 * Findings that differ between two editions of the program prove nothing; between one and the same they were not computed from these
 * samples.
 */
import { assess, type Assessment } from '#biometrics/assessment.ts';
import type { OpenedRecord } from '#biometrics/open.ts';
import { describeCertificate, serialOf, type CertificateDescription } from '#keys/certificate.ts';
import { KeyError } from '#keys/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { Asked } from './asked.ts';
import { judgeCertificate } from './certificate-standing.ts';
import { tellDemo } from './demo.ts';
import type { OpenedRecordResult, Report } from './result.ts';
import { NOTHING_STORED } from './validation-data.ts';

/** @returns null for a device certificate that cannot be read, which is reported */
export async function judgeOpened(what: string, opened: OpenedRecord, provenTime: Date | null, asked: Asked, report: Report): Promise<OpenedRecordResult | null> {
  const { context, capture, version, signatureValid, signerCertificate, chain, crls } = opened;
  const { tenant, site, time } = context;
  const device = describe(signerCertificate);
  if (device === null) {
    report.fail('FORMAT_FAILURE', 'CERTIFICATE_UNREADABLE', `${what}: the device's certificate cannot be read.`);
    return null;
  }
  if (!signatureValid) report.fail('SIG_CRYPTO_FAILURE', 'DEVICE_SIGNATURE_CHANGED', `${what}: the device's signature does not verify.`);
  if (context.demo) tellDemo(asked, report);
  const trusted = await judgeCertificate({
    what: `${what}, device`, use: 'device', certificate: signerCertificate, others: [...chain, ...asked.certificates], crls, stored: NOTHING_STORED, claimedTime: time.signedAt, provenTime,
    station: { tenant, site, station: context.station.id },
  }, asked, report);
  const assessment = assessments(context.assessment, assess(capture, `countersign ${packageJson.version}`));
  tellDifferences(what, assessment, report);
  return {
    version,
    device: { signer: device.subject, serial: serialOf(signerCertificate), sha256: device.sha256, intact: signatureValid, trusted },
    time, document: context.document, request: context.requestId, station: { tenant, site, id: context.station.id },
    configuration: context.configuration, chain: context.chain, acceptance: context.acceptance,
    assessment,
  };
}

function describe(certificate: Uint8Array): CertificateDescription | null {
  try {
    return describeCertificate(certificate);
  } catch (error) {
    if (error instanceof KeyError) return null;
    throw error;
  }
}

function assessments(kept: Assessment | null, anew: Assessment): OpenedRecordResult['assessment'] {
  return { kept, anew, differing: kept === null ? [] : differing(kept, anew) };
}

function tellDifferences(what: string, { kept, anew, differing: codes }: OpenedRecordResult['assessment'], report: Report): void {
  if (kept === null || codes.length === 0) return;
  const words = `${what}: its findings on the capture (by ${kept.software}) and those computed anew (by ${anew.software}) differ in ${codes.join(', ')}.`;
  if (kept.software === anew.software) report.warn('ASSESSMENT_DIFFERS', `${words} The same program finds the same in the same samples: the record's own findings are not to be relied on.`);
  else report.note('ASSESSMENT_DIFFERS', `${words} Another edition of the program may look at more.`);
}

/** Codes under which the two say different things; a code may stand several times, and in any order: a record keeps none of dictionaries. */
function differing(kept: Assessment, anew: Assessment): string[] {
  const said = (assessment: Assessment, code: string): string => JSON.stringify(assessment.findings
    .filter((finding) => finding.code === code)
    .map(({ severity, message, values }) => JSON.stringify([severity, message, Object.entries(values).toSorted(([a], [b]) => a < b ? -1 : 1)]))
    .toSorted());
  const codes = [...new Set([...kept.findings, ...anew.findings].map(({ code }) => code))];
  return codes.filter((code) => said(kept, code) !== said(anew, code));
}
