/**
 * One library's process of `increment.ts`: `node sign-in-process.ts ours|ours-bare|libpdf|libpdf-stamp FILE PAGE ROUNDS` signs the file again
 * and again, by a P-256 key, and prints the medians of the later two thirds of the rounds and the peak of the resident memory, as JSON.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Signer } from '#biometrics/signer.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { median } from './statistics.ts';

const [library, file, page, rounds] = process.argv.slice(2) as [string, string, string, string];
const document = new Uint8Array(readFileSync(file));

const NAME = 'Ingrid Lindqvist';
const PLACE = 'Hotel Norrvik, Stockholm';
const REQUEST = '0192f0c1-5a00-7000-8000-00000000a412';
const ink = Array.from({ length: 400 }, (_, at): [number, number] => [at / 8, 6 + 6 * Math.sin(at / 9)]);

/** With ink, small print and a sealed record, as a guest's signature has them. */
async function ours(seal: Signer): Promise<() => Promise<unknown>> {
  const { signDocument } = await import('#packet/sign-document.ts');
  const documentSha256 = createHash('sha256').update(document).digest('hex');
  return () => signDocument({
    document, documentSha256, field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page: Number(page), rect: { x: 60, y: 80, width: 233, height: 60 }, found: 'phrase' },
    ink: [{ width: 0.45, points: ink }], sealedRecord: new Uint8Array(9_000).fill(0x5a), requestId: REQUEST, signerName: NAME, place: PLACE, signedAt: new Date(), demo: false, seal,
  });
}

/** A signature that shows nothing, and nothing else, as one more seal on a signed PDF is. */
async function oursBare(seal: Signer): Promise<() => Promise<unknown>> {
  const { addUnseen } = await import('#packet/upgrade/revise.ts');
  const { signatureBy, signatureDictionary } = await import('#packet/pades.ts');
  return () => addUnseen(document, 'seal', ({ context }) => signatureDictionary(context, { signedAt: new Date(), place: PLACE, demo: false, certify: false }), signatureBy(seal));
}

/** @param stamp the same ink and text, on the page: its signature has no appearance */
async function libpdf(seal: Signer, stamp: boolean): Promise<() => Promise<unknown>> {
  const { PDF } = await import('@libpdf/core');
  const face = new Uint8Array(readFileSync(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf')));
  const path = `M ${ink.map(([x, y]) => `${x * 3} ${y * 3}`).join(' L ')}`;
  return async () => {
    const pdf = await PDF.load(document);
    if (stamp) {
      const on = pdf.getPage(Number(page) - 1);
      const font = pdf.embedFont(face);
      for (const [at, line] of [`Request ${REQUEST}`, `${new Date().toISOString()}, ${PLACE}`, NAME].entries()) on?.drawText(line, { x: 62, y: 82 + at * 6, size: 4.8, font });
      on?.drawSvgPath(path, { x: 62, y: 140, borderWidth: 1.2 });
    }
    return pdf.sign({
      signer: { certificate: seal.certificate, certificateChain: [...seal.chain], keyType: 'EC', signatureAlgorithm: 'ECDSA', sign: (data) => seal.sign(data) },
      level: 'B-B', subFilter: 'ETSI.CAdES.detached', location: PLACE,
    });
  };
}

const seal = await testSigner('Bench seal');
const ways: Record<string, () => Promise<() => Promise<unknown>>> = {
  ours: () => ours(seal), 'ours-bare': () => oursBare(seal), 'libpdf-stamp': () => libpdf(seal, true), libpdf: () => libpdf(seal, false),
};
const sign = await (ways[library] ?? (() => { throw new Error(`no library: ${library}`); }))();
const times: number[] = [];
const cpus: number[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await sign();
  times.push(performance.now() - start);
  const { user, system } = process.cpuUsage(cpu);
  cpus.push((user + system) / 1_000);
}
const warm = Math.floor(times.length / 3);
// kilobytes (libuv, uv_getrusage)
process.stdout.write(JSON.stringify({ time: median(times.slice(warm)), cpu: median(cpus.slice(warm)), memory: process.resourceUsage().maxRSS / 1_024 }));
