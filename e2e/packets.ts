/** What a house has kept of completed signings: in its outbox, and in its store as custodian and examiner open it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPacket } from '#examiner/index.ts';
import type { OpenedRecord } from '#biometrics/index.ts';
import { CUSTODY_FILES, custodyFolder, readCertificate } from '#keys/index.ts';
import { readSignedPdf, verify, type VerifyResult } from '#packet/index.ts';
import { readPacket } from '#packet/container.ts';
import { openEnvelope } from '#sync-agent/open-envelope.ts';
import { Outbox } from '#sync-agent/outbox.ts';

export interface KeptPacket {
  requestId: string;
  packet: Uint8Array;
  signedPdf: Uint8Array;
  sealedRecord: Uint8Array;
  record: OpenedRecord;
  verified: VerifyResult;
}

export function outboxStatus(home: string, id: string): ReturnType<Outbox['statusOf']> {
  const outbox = Outbox.open(join(home, 'outbox.db'), { wrap: null });
  try {
    return outbox.statusOf(id);
  } finally {
    outbox.close();
  }
}

/** Paths of the envelopes in the default store that belong to this request, or to any. */
export function storedEnvelopes(home: string, id = ''): string[] {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.startsWith('store') && name.endsWith('.esdk') && name.includes(id)).map((name) => join(home, name));
}

/** @param envelope an AWS Encryption SDK message wrapped for the store key of this house */
export async function openKept(home: string, envelope: Uint8Array): Promise<KeptPacket> {
  const { bytes: packet, context } = await openEnvelope(envelope, { privateKeyPem: custody(home, 'storeKey').toString() });
  const { signedPdf } = readPacket(packet);
  // of several signers, the packet's own is the last
  const sealed = readSignedPdf(signedPdf).sealedRecords.at(-1);
  return {
    requestId: context['packet'] as string, packet, signedPdf,
    sealedRecord: sealed?.bytes as Uint8Array,
    record: (await openPacket(packet, custody(home, 'examinerKey'), { field: sealed?.name })).record,
    verified: await verify(packet, { trust: [readCertificate(readFileSync(trustOf(home)))] }),
  };
}

/** Path of the root certificate of this house, PEM. */
export function trustOf(home: string): string {
  return join(home, 'keys', 'root.cert.pem');
}

/** Path of one of the custodian's files. */
export function custodyPath(home: string, file: keyof typeof CUSTODY_FILES): string {
  return join(custodyFolder(home), CUSTODY_FILES[file]);
}

function custody(home: string, file: keyof typeof CUSTODY_FILES): Buffer {
  return readFileSync(custodyPath(home, file));
}
