import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { RECORD_VERSION } from '#biometrics/record.ts';
import { signedSample } from '#fixtures/signed-sample.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem } from '#fixtures/test-certificates.ts';
import { said } from '#fixtures/typed.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import * as exporting from './export.ts';
import * as opening from './open.ts';
import * as replaying from './replay.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const sample = await signedSample();
writeFileSync(at('packet.asice'), sample.packet);
writeFileSync(at('signed.pdf'), sample.signedPdf);
writeFileSync(at('key.pem'), pem('PRIVATE KEY', sample.examiner.privateKey));

/** Runs a command and gives its exit code and what it printed. */
async function run(command: { run(argv: string[]): Promise<number> }, ...argv: string[]): Promise<{ code: number; printed: string }> {
  const { code, stdout } = await said(() => command.run(argv));
  return { code, printed: stdout };
}

describe('open', () => {
  test('writes the record as it was signed, for its owner alone, and tells what was checked', async () => {
    const { code, printed } = await run(opening, at('packet.asice'), '--key', at('key.pem'), '--out', at('record'), '--json');
    expect(code).toBe(0);
    expect(new Uint8Array(readFileSync(at('record')))).toEqual(new Uint8Array(sample.record));
    if (process.platform !== 'win32') expect(statSync(at('record')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(printed)).toMatchObject({ kind: 'packet', demo: true, document: { length: sample.document.length }, checks: [{ id: 'seal', held: true }, {}, {}, {}, {}] });
  });

  test('opens what was tampered with, says so, and exits with 1', async () => {
    const tampered = sample.signedPdf.slice();
    tampered[40] = (tampered[40] ?? 0) ^ 1;
    writeFileSync(at('tampered.pdf'), tampered);
    const { code, printed } = await run(opening, at('tampered.pdf'), '--key', at('key.pem'), '--out', at('record2'));
    expect(code).toBe(1);
    expect(printed).toContain('DID NOT HOLD: The document');
    expect(printed).toContain('DEMO, not evidence');
  });

  test('names the file that is missing, and what is missing on the command line', async () => {
    await expect(opening.run([at('nowhere.asice'), '--key', at('key.pem'), '--out', at('x')])).rejects.toThrow('nowhere.asice');
    await expect(opening.run([at('packet.asice')])).rejects.toThrow('--key KEY --out FILE');
  });
});

describe('export', () => {
  test('gives every sample, raw, as JSON and as CSV', async () => {
    writeFileSync(at('record3'), sample.record);
    const { code } = await run(exporting, at('record3'), '--to', 'json', '--out', at('record.json'));
    expect(code).toBe(0);
    const { version, document, channels, samples, losses } = JSON.parse(readFileSync(at('record.json'), 'utf8')) as { version: number; document: object; channels: { name: string }[]; samples: number[][]; losses: object };
    const pen = recordedPen();
    expect({ version, losses }).toEqual({ version: RECORD_VERSION, losses: pen.losses });
    expect(document).toMatchObject({ length: sample.document.length });
    const x = channels.findIndex(({ name }) => name === 'x');
    expect(samples.map((row) => row[x])).toEqual(pen.samples.map((each) => each.x));
    const { printed } = await run(exporting, at('record3'), '--to', 'csv');
    expect(printed.trim().split('\r\n')).toHaveLength(pen.samples.length + 1);
  });

  test('refuses a form it does not know, and a file that is no record', async () => {
    await expect(exporting.run([at('key.pem'), '--to', 'json'])).rejects.toThrow();
    await expect(exporting.run([at('key.pem'), '--to', 'xml'])).rejects.toThrow('--to json or --to csv');
  });
});

describe('replay', () => {
  test('draws a picture', async () => {
    const { code } = await run(replaying, at('signed.pdf'), '--key', at('key.pem'), '--png', at('replay.png'));
    expect(code).toBe(0);
    const image = await loadImage(at('replay.png'));
    const canvas = createCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    expect(data.filter((value, index) => index % 4 === 0 && value < 60).length).toBeGreaterThan(5_000);
  });

  test('without --png names the page, and writes nothing beside the evidence', async () => {
    const { code, printed } = await run(replaying, at('packet.asice'), '--key', at('key.pem'), '--json');
    expect(code).toBe(0);
    const { page, png } = JSON.parse(printed) as { page: string; png: null };
    expect(png).toBeNull();
    expect(readFileSync(new URL(page), 'utf8')).toContain('<title>Replay of a signature</title>');
  });
});

test.each([['open', opening.help], ['export', exporting.help], ['replay', replaying.help]])('%s explains itself, exit codes included', (name, help) => {
  expect(help).toContain(`countersign ${name}`);
  expect(help).toContain('Exit codes');
});
