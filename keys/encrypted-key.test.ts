import { describe, expect, it } from 'vitest';
import { decryptKeyPem, encryptedKeyPem } from './encrypted-key.ts';
import { makeKeyPair } from './key-pair.ts';

const { privateKey } = await makeKeyPair('p256');

describe('a passphrase', () => {
  it('that is taken opens the key again, the longest too, of letters of any size', async () => {
    for (const passphrase of ['twelve chars', 'ü'.repeat(500)]) {
      expect(decryptKeyPem(await encryptedKeyPem(privateKey, passphrase), passphrase).equals(privateKey)).toBe(true);
    }
  });

  it('that OpenSSL could not be given again locks nothing', async () => {
    for (const [passphrase, length] of [['ü'.repeat(501), /1002 bytes/], ['eleven char', /11 characters/], ['', /0 characters/]] as const) {
      await expect(encryptedKeyPem(privateKey, passphrase)).rejects.toThrow(expect.objectContaining({ code: 'PASSPHRASE_UNFIT', message: expect.stringMatching(length) }));
    }
  });
});
