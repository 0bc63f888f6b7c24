/**
 * `countersign packet seal FILE`: adds the organisation's seal (`keys station csr`) to a signed PDF, or to a packet as its next version. Its key
 * may lie in a token or in AWS KMS, for which nothing on the way to "Done" waits. The file is read in a child process; the key is used in this one. `packet upgrade` then brings it to a higher level.
 */
import { parseArgs } from 'node:util';
import { openSeal, sealWarning, wordsOf, type InstalledSeal } from '#keys/index.ts';
import { SOFTWARE } from '#kiosk/station/software.ts';
import { PacketError } from '#packet/errors.ts';
import { collectValidationData, sealInChild } from '#packet/upgrade/index.ts';
import { looksLikeZip } from '#packet/zip.ts';
import { askPin } from '#cli/keys/passphrase.ts';
import { homeFolder } from '../home.ts';
import { each, readList } from '../packet.ts';
import { besideFile, keepNewFile, readPacketFile, refuseTaken } from './packet-file.ts';

export async function run(argv: string[]): Promise<number> {
  const { values, positionals: [file, ...more] } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      home: { type: 'string' }, place: { type: 'string' }, out: { type: 'string' }, crl: { type: 'string', multiple: true, default: [] }, 'store-key': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (file === undefined || more.length > 0) throw new Error('name one signed PDF or packet: countersign packet seal FILE');
  const home = homeFolder(values.home);
  const [given, now] = [await readPacketFile(file, values['store-key']), new Date()];
  const named = values.out ?? (looksLikeZip(given.bytes) ? null : besideFile(file, 'sealed'));
  // before a PIN is asked for and the key is used
  if (named !== null) await refuseTaken(named);
  const opened = await openSeal(home, askPin);
  if (opened === null) throw new Error(`no seal certificate is installed on ${home}. Begin with: countersign keys station csr`);
  const { signer, key, seal } = opened;
  try {
    // no verifier would take it for more than the claim of an ended certificate
    if (Date.parse(seal.notAfter) < now.getTime()) throw new Error(sealWarning(seal, now)!);
    if (values.crl.length > 0) await refuseRevoked(seal, await each(values.crl, readList), now);
    const how = { signedAt: now, place: values.place ?? null, demo: seal.kind === 'demo', software: SOFTWARE };
    const { bytes, field, version } = await sealInChild(given.bytes, signer, how);
    const out = named ?? besideFile(file, `v${version}`);
    await keepNewFile(out, await given.packed(bytes, version));
    const vouched = wordsOf(seal.kind, seal.issuer);
    process.stdout.write(values.json
      ? `${JSON.stringify({ file, out, field, version, subject: seal.subject, kind: seal.kind, vouched })}\n`
      : `${out}: sealed by ${seal.subject}, ${vouched}${version === null ? '' : `; version ${version} of the packet`}.\n${field === null ? 'The PDF inside is locked by its last signature: the seal stands on the packet, and covers the PDF by its hash.\n' : ''}`);
    return 0;
  } finally {
    await key.close();
  }
}

/** @throws PacketError `CERTIFICATE_REVOKED`; `REVOCATION_MISSING` where the lists say nothing of it */
async function refuseRevoked({ certificate, chain, subject }: InstalledSeal, crls: Uint8Array[], now: Date): Promise<void> {
  try {
    await collectValidationData([{ certificate, time: now }], { trust: [chain.at(-1) ?? certificate], given: { certificates: chain, crls, ocsps: [] }, online: null, now });
  } catch (error) {
    // `packet upgrade` has options to point to that this command has not
    if (!(error instanceof PacketError) || error.code !== 'REVOCATION_MISSING') throw error;
    throw new PacketError(error.code, `The lists given do not tell whether the seal of ${subject}, or an authority above it, was revoked: they are by others, or out of date. Give the newest list of each authority above it (--crl).`, { cause: error });
  }
}
