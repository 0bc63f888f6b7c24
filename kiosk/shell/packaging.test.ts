/** `electron-builder.yml` against electron-builder's own schema. The packaging itself: `packaging.long.test.ts`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);
const { validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as {
  validateConfiguration(config: unknown, debug: { add(): void; isEnabled: boolean }): Promise<void>;
};
const { load } = require('js-yaml') as { load(text: string): Record<string, unknown> };

const validate = (config: unknown) => validateConfiguration(config, { add() {}, isEnabled: false });
const config = () => load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));

describe('electron-builder.yml', () => {
  it('is valid by the schema of electron-builder', async () => {
    await expect(validate(config())).resolves.toBeUndefined();
  });
  it('would not be with a misspelt fuse', async () => {
    await expect(validate({ ...config(), electronFuses: { runAsNod: false } })).rejects.toThrow();
  });
  it('turns off every way to run other code in the app', () => {
    expect(config()['electronFuses']).toEqual({
      runAsNode: false, enableCookieEncryption: true, enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false, enableEmbeddedAsarIntegrityValidation: true, onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });
});
