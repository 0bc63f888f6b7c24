/** Checks each of the eight promises on what the demo's walk left, with outside programs where the machine has them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHANNELS } from '#biometrics/sample.ts';
import { readCertificate } from '#keys/index.ts';
import { readPacket, readSignedPdf, verify, verifyTrail } from '#packet/index.ts';
import { promise, type PromiseResult } from './promise.ts';
import { sha256, type Walked } from './way.ts';

export async function checkPromises(walked: Walked): Promise<PromiseResult[]> {
  return [seenIsSigned(walked), samplesKept(walked), survives(walked), declinedLeavesNothing(walked),
    stolenTabletRevealsNothing(walked), worksOffline(walked), await anyoneCanCheck(walked), trailIsWhole(walked)];
}

function seenIsSigned({ document, signedPdf, opened, tampered }: Walked): PromiseResult {
  const shown = sha256(document);
  const named = readSignedPdf(signedPdf).sealedRecords[0];
  return promise(1, [
    sha256(signedPdf.subarray(0, document.length)) !== shown && 'the signed PDF does not begin with the bytes displayed',
    named?.documentSha256 !== shown && 'the signature dictionary names another document',
    opened.context.document.sha256 !== shown && 'the record names another document',
    (tampered.status < 400 || tampered.code !== 'DOCUMENT_DIFFERS') && 'a screen that showed other bytes was not refused',
  ], `SHA-256 of the displayed bytes = beginning of the signed PDF = signature dictionary = record; other bytes were refused at Done (${tampered.code})`);
}

function samplesKept({ pen, opened }: Walked): PromiseResult {
  const kept = opened.capture.samples;
  const differing = pen.samples.filter((sample, index) => {
    const twin = kept[index];
    return twin === undefined || twin.switches !== sample.switches || CHANNELS.some((name) => twin[name] !== sample[name]);
  }).length;
  return promise(2, [
    kept.length !== pen.samples.length && `${pen.samples.length} samples went in, ${kept.length} came out`,
    differing > 0 && `${differing} samples differ`,
    opened.capture.source.limits.length === 0 && 'the record does not state the limits of its source',
  ], `${kept.length} samples × ${CHANNELS.length} channels came out of the sealed record exactly as the pen gave them; source and limits stand in the record`);
}

function survives({ afterKill }: Walked): PromiseResult {
  return promise(3, [afterKill !== 'completed' && `after the kill the request was ${afterKill}`],
    'in small: the station was killed (SIGKILL) right behind "Thank you" and found the packet complete; a real power cut was not made');
}

function declinedLeavesNothing({ declinedLeft }: Walked): PromiseResult {
  return promise(4, [declinedLeft.length > 0 && `found again in ${declinedLeft.join(', ')}`],
    'the name and the bytes of a declined document were searched for in every file of the data folder: nothing');
}

function stolenTabletRevealsNothing({ revealed }: Walked): PromiseResult {
  return promise(5, [revealed.length > 0 && `in the clear in ${revealed.join(', ')}`],
    'document, record and strokes were searched for in every file of the data folder: nothing; the keys that open packet and record were never in it; the at-rest key of this demo was in memory only (a station started on this machine keeps it in a file: for documents that wait there, not held: use disk encryption)');
}

function worksOffline({ store }: Walked): PromiseResult {
  return promise(6, [
    store.asleep !== 0 && 'something was delivered while the agent was stopped',
    store.awake.length !== 1 && `${store.awake.length} objects in the store instead of 1`,
  ], 'in small: signed while the sync-agent was stopped for seconds, not 72 hours; afterwards the store held the packet exactly once');
}

async function anyoneCanCheck({ files, packet, signedPdf }: Walked): Promise<PromiseResult> {
  const trust = [readCertificate(readFileSync(files.trust))];
  const results = [await verify(signedPdf, { trust }), await verify(packet, { trust })];
  const outside = outsideJudges(files);
  const asked = outside.filter(({ answer }) => answer !== 'missing');
  return promise(7, [
    results.some(({ valid }) => !valid) && 'countersign verify does not pass',
    ...outside.map(({ name, answer }) => answer === 'no' && `${name} does not accept it`),
  ], asked.length === outside.length
    ? `accepted by ${asked.map(({ name }) => name).join(', ')}`
    : `accepted by ${['countersign verify', ...asked.map(({ name }) => name)].join(', ')}; in small: ${outside.filter(({ answer }) => answer === 'missing').map(({ name }) => name).join(', ')} not on this machine`);
}

function trailIsWhole({ packet }: Walked): PromiseResult {
  const { audit } = readPacket(packet);
  const altered = audit.map((event, index) => (index === 1 ? { ...event, at: '2001-01-01T00:00:00.000Z' } : event));
  const shortened = audit.filter((_, index) => index !== 1);
  return promise(8, [
    !verifyTrail(audit).intact && 'the trail of the packet is broken',
    verifyTrail(altered).intact && 'a changed event went unnoticed',
    verifyTrail(shortened).intact && 'a removed event went unnoticed',
  ], `${audit.length} events, hash-chained, from ${audit[0]?.action} to ${audit.at(-1)?.action}; a changed and a removed event were noticed`);
}

type Answer = 'yes' | 'no' | 'missing';

/** The very commands that the demo prints at its end. */
function outsideJudges(files: Walked['files']): { name: string; answer: Answer }[] {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-judges-'));
  const at = (name: string) => join(scratch, name);
  try {
    const decrypted = ask('openssl', ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', files.sealedRecord, '-inkey', files.examinerKey, '-recip', files.examinerCert, '-out', at('signed.der')]);
    const verified = decrypted !== 'yes' ? decrypted
      : ask('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', at('signed.der'), '-CAfile', files.trust, '-purpose', 'any', '-out', at('record.bin')]);
    const same = verified !== 'yes' ? verified : readFileSync(at('record.bin')).equals(readFileSync(files.record)) ? 'yes' : 'no';
    const unzipped = ask('unzip', ['-q', '-o', '-d', at('packet'), files.packet]);
    writeFileSync(at('empty'), '');
    const container = unzipped !== 'yes' ? unzipped : ask('openssl', ['cms', '-verify', '-binary', '-cades', '-inform', 'DER',
      '-in', at('packet/META-INF/signature001.p7s'), '-content', at('packet/META-INF/ASiCManifest001.xml'), '-CAfile', files.trust, '-purpose', 'any', '-out', at('empty')]);
    return [
      { name: 'OpenSSL (sealed record)', answer: same },
      { name: 'pdfsig (signed PDF)', answer: ask('pdfsig', [files.signedPdf], /Total document signed\n.*Signature is Valid/) },
      { name: 'unzip (packet)', answer: unzipped },
      { name: 'OpenSSL (packet)', answer: container },
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function ask(program: string, args: string[], expected?: RegExp): Answer {
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  if (result.error !== undefined) return 'missing';
  if (expected !== undefined) return expected.test(result.stdout) ? 'yes' : 'no';
  return result.status === 0 ? 'yes' : 'no';
}
