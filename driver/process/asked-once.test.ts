import { expect, test } from 'vitest';
import { PenError } from '../errors.ts';
import { openingError } from '../hid/hid-error.ts';
import { AskedOnce } from './asked-once.ts';

const ADVICE = 'Unplug it.';

test('an answer is kept, and not asked for again', async () => {
  let asked = 0;
  const once = new AskedOnce(() => Promise.resolve(++asked), ADVICE);
  expect(await Promise.all([once.ask(), once.ask()])).toEqual([true, false]);
  expect(await once.ask()).toBe(false);
  expect([once.answer, once.problem, asked]).toEqual([1, null, 1]);
});

test('a device that is in use is not asked; whoever uses it waits for a question that is under way', async () => {
  const question = Promise.withResolvers<string>();
  const once = new AskedOnce(() => question.promise, ADVICE);
  const asking = once.ask();
  let free = false;
  const using = once.use().then((use) => { free = true; return use; });
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(free).toBe(false);
  question.resolve('pen');
  await asking;
  (await using).done();
  const used = new AskedOnce(() => Promise.resolve('pen'), ADVICE);
  await used.use();
  expect([await used.ask(), used.answer]).toEqual([false, null]);
});

test('a refusal that says itself what to do is not contradicted', async () => {
  const refused = new AskedOnce(() => Promise.reject(openingError('Wacom STU-430', '0xE00002E2 not permitted', 'darwin')), ADVICE);
  await refused.ask();
  expect(refused.problem).toMatchObject({ code: 'PEN_FORBIDDEN', message: expect.stringContaining('Input Monitoring') });
  expect(refused.problem!.advice).not.toContain('Unplug');
  const silent = new AskedOnce(() => Promise.reject(new PenError('PEN_SILENT', 'It does not answer.')), ADVICE);
  await silent.ask();
  expect(silent.problem).toEqual({ code: 'PEN_SILENT', message: 'It does not answer.', advice: ADVICE });
});
