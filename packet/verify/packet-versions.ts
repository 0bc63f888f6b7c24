/**
 * The later versions of a packet (`packet-version.ts`): what each adds is named by its manifest, over which lies a time-stamp or a seal, the
 * packet before is named by its hash and lies in it whole, and its PDF is the earlier one with nothing but more.
 *
 * From the last to the first: a later time-stamp proves that everything before it existed then, the first version's signature too.
 * Before: `packet.ts`. After: the result. What was added to the PDF is for `pdf.ts` to judge.
 */
import { RecordError } from '#biometrics/errors.ts';
import { digests, type Packet } from '../container.ts';
import { PacketError } from '../errors.ts';
import { DOCUMENT_NAME, sameBytes, writeSums } from '../manifest.ts';
import { packetAt, versionOf, type PacketVersion } from '../packet-version.ts';
import { readSignedPdf, type PdfSignature } from '../read-signed-pdf.ts';
import { sha256 } from '../sha256.ts';
import { cmsIn, onlyMoreUnsigned } from '../upgrade/signature-time-stamp.ts';
import type { Asked } from './asked.ts';
import type { PacketVersionResult, Report, SignatureResult, TimeStampResult } from './result.ts';
import { checkSignature } from './signature.ts';
import { checkSignatureTimeStamps, earliest } from './time-stamps.ts';
import { NOTHING_STORED } from './validation-data.ts';

export interface CheckedVersions {
  versions: PacketVersionResult[];
  signatures: SignatureResult[];
  timeStamps: TimeStampResult[];
  /** When the first version is proven to have existed; null for never. */
  proven: Date | null;
}

export async function checkVersions(packet: Packet, asked: Asked, report: Report): Promise<CheckedVersions> {
  const found: CheckedVersions = { versions: [], signatures: [], timeStamps: [], proven: asked.fileTime };
  for (const [index, version] of [...packet.versions.entries()].toReversed()) {
    const before = report.errors;
    await checkFiles(packet, version, report);
    const { previous, request } = version.about;
    if (await sha256(packetAt(packet.files, version.number - 1)) !== previous.sha256) report.fail('HASH_FAILURE', 'PREVIOUS_VERSION_DIFFERS', `Version ${version.number} of this packet names another packet than the one before it that lies in it.`);
    if (request !== packet.request) report.fail('HASH_FAILURE', 'VERSION_OF_ANOTHER_REQUEST', `Version ${version.number} of this packet belongs to the signing request ${request}.`);
    const earlier = packet.versions[index - 1]?.signedPdf ?? packet.files.get(DOCUMENT_NAME) as Uint8Array;
    if (!continues(version.signedPdf, earlier)) report.fail('HASH_FAILURE', 'VERSION_CHANGED_DOCUMENT', `The PDF of version ${version.number} of this packet is not the one before with more added.`);
    await checkProof(version, found, asked, report);
    const intact = report.errors === before;
    found.versions.unshift({ number: version.number, previousSha256: previous.sha256, how: version.about.made.how, claimedTime: version.about.made.at, intact });
    if (intact) report.note('PACKET_VERSION', `This is version ${version.number} of its packet${version.number === packet.versions.length + 1 ? '' : ', or was'}. It names the one before by its hash, ${previous.sha256}, and holds it whole.`);
  }
  return found;
}

async function checkFiles({ files }: Packet, { number, manifest, sums, proof }: PacketVersion, report: Report): Promise<void> {
  const data = new Map([...files].filter(([name]) => versionOf(name) <= number && name !== 'mimetype' && name !== manifest.name && name !== proof.name));
  const found = await digests(data);
  for (const { name, sha256: digest } of found) {
    const claimed = manifest.entries.find((entry) => entry.name === name);
    if (claimed === undefined) report.fail('FORMAT_FAILURE', 'FILE_NOT_SIGNED', `${name} is in the packet, but the manifest of version ${number} does not name it.`);
    else if (claimed.sha256 !== digest) report.fail('HASH_FAILURE', 'FILE_CHANGED', `${name} was changed after version ${number} of the packet was made.`);
  }
  for (const { name } of manifest.entries) {
    if (!data.has(name)) report.fail('FORMAT_FAILURE', 'FILE_MISSING', `${name} is missing from the packet.`);
  }
  if (!sameBytes(sums.bytes, writeSums(found.filter(({ name }) => name !== sums.name)))) report.fail('HASH_FAILURE', 'SUMS_DIFFER', `${sums.name} does not list the files of the packet.`);
}

/**
 * The earlier bytes stand at its beginning, but for the rooms of its signatures: those too hold what they held, with unsigned attributes more
 * at most. Nothing in the PDF covers a room, so that another's signature over the same bytes could stand there in the place of the guest's.
 */
function continues(later: Uint8Array, earlier: Uint8Array): boolean {
  if (later.length < earlier.length) return false;
  const [start, before] = [Buffer.from(later.subarray(0, earlier.length)), Buffer.from(earlier)];
  for (const { byteRange, cms, problems } of signaturesIn(earlier)) {
    if (byteRange === null || problems.length > 0 || !isGrown(later, byteRange, cms)) continue;
    start.fill(0, byteRange[1] + 1, byteRange[2] - 1);
    before.fill(0, byteRange[1] + 1, byteRange[2] - 1);
  }
  return start.equals(before);
}

function isGrown(later: Uint8Array, byteRange: readonly number[], cms: Uint8Array): boolean {
  try {
    return onlyMoreUnsigned(cms, cmsIn(later, byteRange));
  } catch (error) {
    // not ours, or damaged: then it must be the same
    if (error instanceof RecordError) return false;
    throw error;
  }
}

function signaturesIn(pdf: Uint8Array): PdfSignature[] {
  try {
    return readSignedPdf(pdf).signatures;
  } catch (error) {
    // `pdf.ts` says so
    if (error instanceof PacketError) return [];
    throw error;
  }
}

async function checkProof({ number, manifest, proof }: PacketVersion, found: CheckedVersions, asked: Asked, report: Report): Promise<void> {
  const field = proof.name;
  if (proof.kind === 'time-stamp') {
    const [judged] = await checkSignatureTimeStamps(`Version ${number} of the packet`, field, { tokens: [proof.bytes], value: manifest.bytes, ours: true }, found.proven, NOTHING_STORED, asked, report);
    if (judged === undefined) return;
    found.timeStamps.unshift({ ...judged.result, over: 'packet' });
    found.proven = earliest([found.proven, judged.proven]);
    return;
  }
  const checked = await checkSignature({ what: `The seal of version ${number} of the packet`, cms: proof.bytes, content: manifest.bytes, baseline: 'CAdES', claimedTime: null, ours: true, field, known: found.proven, stored: NOTHING_STORED }, asked, report);
  const { intact, trusted, level, signer, certificateSha256, vouched, signingTime, provenTime } = checked;
  found.signatures.unshift({ field, intact, trusted, wholeFile: intact, level, signer, certificateSha256, vouched, request: null, claimedTime: signingTime, provenTime: provenTime?.toISOString() ?? null });
}
