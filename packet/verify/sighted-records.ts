/**
 * Lists the sealed records in a packet, a signed PDF, or a file that is one, for holding them against each other.
 *
 * Before: `child.ts`, since the bytes are a stranger's. After: `against.ts`. Nothing is verified here: `verify` does that.
 * With an examiner's key a record says itself which place in which chain it has; without, the audit trail of its packet says the number.
 */
import { verifySignedData } from '#biometrics/cms.ts';
import { openSealedRecord, readSealedRecord } from '#biometrics/open.ts';
import { packSamples } from '#biometrics/sample-columns.ts';
import { readPacket, type Packet } from '../container.ts';
import { PacketError } from '../errors.ts';
import { looksLikePdf, readSignedPdf } from '../read-signed-pdf.ts';
import { sha256 } from '../sha256.ts';
import { looksLikeZip } from '../zip.ts';
import type { ChainPlace, SightedRecord } from './against.ts';
import type { VerifyOptions } from './result.ts';

type Key = VerifyOptions['examinerKey'];

/** @throws PacketError for a packet or PDF that cannot be read, RecordError for a file that is neither and no sealed record. */
export async function sightedRecords(bytes: Uint8Array, key: Key): Promise<SightedRecord[]> {
  if (looksLikeZip(bytes)) {
    const packet = readPacket(bytes);
    return inPdf(packet.signedPdf, key, packet, await sha256(bytes));
  }
  if (looksLikePdf(bytes)) return inPdf(bytes, key, null, null);
  readSealedRecord(bytes);
  const { context, ...opened } = await open(bytes, key);
  return [{
    sha256: await sha256(bytes), packet: null, ...opened,
    document: context === null ? null : `${context.document.sha256} ${context.requestId}`, request: context?.requestId ?? null,
  }];
}

async function inPdf(bytes: Uint8Array, key: Key, packet: Packet | null, packetSha256: string | null): Promise<SightedRecord[]> {
  const { signatures, sealedRecords } = readSignedPdf(bytes);
  const found: SightedRecord[] = [];
  for (const record of sealedRecords) {
    const hash = await sha256(record.bytes);
    const request = signatures.find(({ countersign }) => countersign?.sealedRecordSha256 === hash)?.countersign?.requestId ?? null;
    const { samples, place } = await open(record.bytes, key);
    found.push({ sha256: hash, document: `${record.documentSha256} ${request}`, request, packet: packetSha256, samples, place: place ?? await placeInTrail(packet, hash) });
  }
  if (found.length === 0) throw new PacketError('CONTAINER_MALFORMED', 'No sealed record is in it.');
  return found;
}

async function open(sealed: Uint8Array, key: Key): Promise<Pick<SightedRecord, 'samples' | 'place'> & { context: Opened['context'] | null }> {
  const opened = key === undefined ? null : await openSealedRecord(sealed, key).catch(() => null);
  if (opened === null) return { context: null, samples: null, place: null };
  const { context, capture } = opened;
  return {
    context,
    samples: capture.samples.length === 0 ? null : await sha256(packSamples(capture.samples).pen.deflate),
    place: { station: `${context.tenant}/${context.site}/${context.station.id}`, number: context.chain.number, previous: context.chain.previousSha256 },
  };
}

type Opened = Awaited<ReturnType<typeof openSealedRecord>>;

/**
 * The number that the trail of a packet gives to the record it says was sealed next. The trail does not name its station: the
 * certificate that sealed the packet stands for it, so a chain is looked at in parts where that was renewed.
 */
async function placeInTrail(packet: Packet | null, hash: string): Promise<ChainPlace | null> {
  if (packet === null) return null;
  const sealed = packet.audit.findIndex(({ details }) => details['sealedRecordSha256'] === hash);
  const number = packet.audit.slice(0, Math.max(sealed, 0)).findLast(({ details }) => details['recordNumber'] !== undefined)?.details['recordNumber'];
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return null;
  const { certificate } = await verifySignedData(packet.signature, packet.manifest.bytes);
  return { station: `with the seal certificate ${await sha256(certificate)}`, number, previous: undefined };
}
