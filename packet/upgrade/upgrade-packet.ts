/**
 * A packet brought to a higher level, or given another seal: the PDF inside by `upgrade-document.ts` or `add-seal.ts`, then a next version of
 * the packet around it (`packet-version.ts`). The bytes given are never written to, and lie whole in what comes out.
 *
 * Before: a packet, taken out of its envelope. After: `countersign packet upgrade`, `countersign packet seal`; `verify`.
 * Does not say whether the packet is genuine (`verify` does), and does not mend one that is not.
 */
import { createHash } from 'node:crypto';
import { buildSignedData } from '#biometrics/cms.ts';
import type { Signer } from '#biometrics/signer.ts';
import { readPacket } from '../container.ts';
import { PacketError } from '../errors.ts';
import { addVersion } from '../packet-version.ts';
import { addSeal } from './add-seal.ts';
import { timeStampOver, upgradeDocument, type UpgradedDocument, type UpgradeOptions } from './upgrade-document.ts';

export interface UpgradedPacket extends Omit<UpgradedDocument, 'pdf'> {
  /** The same bytes as given where the level was reached already. */
  packet: Uint8Array;
  /** Of the packet that came out. */
  version: number;
}

/**
 * @param software as `made` names it
 * @throws PacketError as `readPacket`, `upgradeDocument`, `addVersion`; `UPGRADE_REFUSED` where no authority is named: a version is stamped
 */
export async function upgradePacket(bytes: Uint8Array, options: UpgradeOptions & { software: string }): Promise<UpgradedPacket> {
  const packet = readPacket(bytes);
  const { pdf, steps, notes } = await upgradeDocument(packet.signedPdf, options);
  const before = packet.versions.length + 1;
  if (pdf === packet.signedPdf) return { packet: bytes, steps, notes, version: before };
  if (options.tsa === null) throw new PacketError('UPGRADE_REFUSED', 'A packet\'s next version needs a time-stamp over what it holds, and no time-stamp authority was named (--tsa).');
  const made = { how: 'upgrade', software: options.software, at: new Date().toISOString() } as const;
  const next = await addVersion(packet.files, { request: packet.request, signedPdf: pdf, made }, {
    kind: 'time-stamp', over: async (manifest) => (await timeStampOver(sha256(manifest), options)).token,
  });
  return { packet: next, steps, notes, version: before + 1 };
}

/**
 * Where the PDF is locked so that no signature can be added, the seal stands on the packet alone: it covers the PDF by its hash.
 * @param options as of `addSeal`
 * @returns `field`: of the seal in the PDF; null where it is locked
 * @throws PacketError as `readPacket`, `addSeal`, `addVersion`; the signer's own error if its key is away
 */
export async function sealPacket(bytes: Uint8Array, seal: Signer, options: Parameters<typeof addSeal>[2] & { software: string }): Promise<{ packet: Uint8Array; field: string | null; version: number }> {
  const packet = readPacket(bytes);
  const { bytes: signedPdf, field } = await addSeal(packet.signedPdf, seal, options).catch((error: unknown) => {
    if (error instanceof PacketError && error.code === 'UPGRADE_REFUSED') return { bytes: packet.signedPdf, field: null };
    throw error;
  });
  const made = { how: 'seal', software: options.software, at: options.signedAt.toISOString() } as const;
  const next = await addVersion(packet.files, { request: packet.request, signedPdf, made }, {
    kind: 'seal', over: (manifest) => buildSignedData({ content: null, digest: sha256(manifest), signer: seal, signingTime: options.signedAt }),
  });
  return { packet: next, field, version: packet.versions.length + 2 };
}

function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
