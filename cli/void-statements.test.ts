/** Which files `countersign verify` takes for void statements, and that none is left out in silence. What they say: `packet/verify`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { voidStatements } from './void-statements.ts';

const folder = temporaryFolder();
const statement = (name: string, text = name): void => writeFileSync(join(folder, name), `{"format": "countersign-void"} ${text}`);
const file = join(folder, 'card.asice');
mkdirSync(join(folder, 'store'));
statement('beside.p7s');
statement('again.p7s', 'beside.p7s');
statement('store/named.p7s');
writeFileSync(join(folder, 'other.p7s'), 'another kind of signature');

test('those beside the file and those named, each once', async () => {
  expect(await voidStatements(file, [])).toHaveLength(1);
  expect(await voidStatements(file, [join(folder, 'store'), join(folder, 'store/named.p7s')])).toHaveLength(2);
});

test('too many, beside the file too, or a folder that cannot be read: refused, and what to do', async () => {
  await expect(voidStatements(file, [], { most: 2, files: 2 })).rejects.toThrow(/holds 3 files .* folder of their own/);
  await expect(voidStatements(file, [join(folder, 'store')], { most: 1, files: 3 })).rejects.toThrow(/2 void statements .* folder of their own/);
  await expect(voidStatements(join(folder, 'nowhere', 'card.asice'), [])).rejects.toThrow('cannot be searched');
});
