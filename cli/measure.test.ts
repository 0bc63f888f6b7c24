import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signedSample } from '#fixtures/signed-sample.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { said } from '#fixtures/typed.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import * as measuring from './measure.ts';

const path = join(temporaryFolder(), 'record');
writeFileSync(path, (await signedSample()).record);
const pen = recordedPen();

async function run(...argv: string[]): Promise<{ code: number; printed: string }> {
  const { code, stdout } = await said(() => measuring.run(argv));
  return { code, printed: stdout };
}

test('gives every quantity for every sample, with its unit', async () => {
  const { code, printed } = await run(path, '--json');
  const { samples, units, strokes, lifts, summary } = JSON.parse(printed) as Record<string, Record<string, unknown[]>>;
  expect(code).toBe(0);
  for (const column of Object.values(samples!)) expect(column).toHaveLength(pen.samples.length);
  expect(samples!['pressure']).toEqual(pen.samples.map(({ pressure }) => pressure));
  expect(units).toMatchObject({ time: 's', pressureRate: 'levels/s' });
  expect(lifts).toHaveLength(Number(strokes!['length']) - 1);
  expect(summary).toContain(`${pen.samples.length} samples`);
});

test('prints the summary and a line for each stroke and lift', async () => {
  const { printed } = await run(path);
  expect(printed).toContain('samples in');
  expect(printed).toMatch(/^stroke 1 .* to \d+$/m);
  expect(printed).not.toMatch(/NaN|Infinity|undefined|-0/);
});

test('a file that is no record, and none at all, are told', async () => {
  writeFileSync(`${path}.txt`, 'no record');
  await expect(run(`${path}.txt`)).rejects.toThrow(expect.objectContaining({ name: 'RecordError' }));
  await expect(run()).rejects.toThrow('name a record');
});
