/**
 * `countersign packet seal FILE`: adds the organisation's seal (`keys station csr`) to a signed PDF. Its key may lie in a token or in
 * AWS KMS, for which nothing on the way to "Done" waits. `packet upgrade` then brings it to a higher level.
 */
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { openSeal, sealWarning, wordsOf } from '#keys/index.ts';
import { writeNewFile } from '#keys/file-secret-store.ts';
import { addSeal } from '#packet/upgrade/index.ts';
import { read } from '../evidence.ts';
import { homeFolder } from '../home.ts';
import { askPin } from '#cli/keys/passphrase.ts';

export async function run(argv: string[]): Promise<number> {
  const { values, positionals: [file, ...more] } = parseArgs({
    args: argv, allowPositionals: true,
    options: { home: { type: 'string' }, place: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  if (file === undefined || more.length > 0) throw new Error('name one signed PDF: countersign packet seal FILE');
  const home = homeFolder(values.home);
  const [pdf, now] = [await read(file), new Date()];
  const opened = await openSeal(home, askPin);
  if (opened === null) throw new Error(`no seal certificate is installed on ${home}. Begin with: countersign keys station csr`);
  const { signer, key, seal } = opened;
  try {
    // no verifier would take it for more than the claim of an ended certificate
    if (Date.parse(seal.notAfter) < now.getTime()) throw new Error(sealWarning(seal, now)!);
    const out = values.out ?? `${file.slice(0, file.length - extname(file).length)}.sealed${extname(file)}`;
    const { bytes, field } = await addSeal(pdf, signer, { signedAt: now, place: values.place ?? null, demo: seal.kind === 'demo' });
    writeNewFile(out, bytes);
    const vouched = wordsOf(seal.kind, seal.issuer);
    process.stdout.write(values.json ? `${JSON.stringify({ file, out, field, subject: seal.subject, kind: seal.kind, vouched })}\n` : `${out}: sealed by ${seal.subject}, ${vouched}.\n`);
    return 0;
  } finally {
    await key.close();
  }
}
