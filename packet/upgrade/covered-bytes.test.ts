/** Whatever is added to a signed PDF, in whatever order: no byte that an earlier /ByteRange covers changes, and every signature goes on holding. */
import { test } from 'vitest';
import { expectGrowth } from '#fixtures/grown-document.ts';

// in generated orders: covered-bytes.long.test.ts
test('on a table and on a stream of cross-references', async () => {
  await expectGrowth('table', [['time-stamps', 0], ['validation data', 1]]);
  await expectGrowth('stream', [['validation data', 1], ['another seal', 0], ['time-stamps', 0]]);
});
