/** A key in a PKCS#11 token: SoftHSM2 holds it, OpenSSL judges what it signs. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { buildSignedData } from '#biometrics/cms.ts';
import { judge } from '#fixtures/needs.ts';
import { softToken } from '#fixtures/soft-token.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { makeKeyPair } from '../key-pair.ts';
import { toPem } from '../pem.ts';
import { issueCertificate } from '../x509.ts';
import { openPkcs11Key, pinMustNotBeTried } from './pkcs11-key.ts';
import { readPkcs11Uri } from './pkcs11-uri.ts';
import { signerWith } from './signing-key.ts';

const folder = temporaryFolder();
const content = new TextEncoder().encode('what was sealed');

describe('a key in a PKCS#11 token', () => {
  it('is found by label and id, seals what OpenSSL verifies, and every refusal says what it is', async (context) => {
    const [openssl, hsm] = [judge(context, 'openssl'), softToken(context, folder)];
    hsm.makeToken('hotel');
    hsm.makeToken('empty');
    hsm.makeKey('hotel', 'EC:prime256v1', 'seal', '01');
    hsm.makeKey('hotel', 'rsa:2048', 'seal', '02');
    hsm.makeKey('hotel', 'EC:secp384r1', 'other', '03');
    const open = (path: string, pin = hsm.pin) => openPkcs11Key(readPkcs11Uri(`pkcs11:${path}?module-path=${hsm.module}`), async () => pin);
    const authority = { name: { commonName: 'CA' }, keys: await makeKeyPair('p256') };
    const root = await issueCertificate({ subject: authority.name, publicKey: authority.keys.publicKey, use: { kind: 'authority' }, days: 9 }, authority);
    writeFileSync(join(folder, 'root.pem'), toPem('CERTIFICATE', root));

    for (const id of ['%01', '%02']) {
      const key = await open(`token=hotel;object=seal;id=${id}`);
      await collectGarbage();
      expect(key.algorithm).toBe(id === '%01' ? 'ecdsa-p256-sha256' : 'rsa-pkcs1-sha256');
      const certificate = await issueCertificate({ subject: { commonName: 'Seal' }, publicKey: key.publicKey, use: { kind: 'signing' }, days: 9 }, authority);
      // several at once: a session signs one after another, and numbers of every length come out as DER
      const all = await Promise.all(Array.from({ length: 20 }, () => buildSignedData({ content, signer: signerWith(key, certificate, [root]) })));
      const signed = join(folder, 'signed.der');
      writeFileSync(signed, all.at(-1)!);
      expect(spawnSync(openssl, ['cms', '-verify', '-binary', '-cades', '-inform', 'DER', '-in', signed, '-CAfile', join(folder, 'root.pem')], { encoding: 'utf8' }))
        .toMatchObject({ status: 0, stdout: 'what was sealed' });
      await key.close();
    }
    // a key that asks before every signature: each is confirmed, and a wrong PIN is no signature
    hsm.makeKey('hotel', 'EC:prime256v1', 'asks', '04', 'always');
    let typed = 0;
    const pins = [hsm.pin, hsm.pin, hsm.pin, 'not the PIN'];
    const asks = await openPkcs11Key(readPkcs11Uri(`pkcs11:token=hotel;id=%04?module-path=${hsm.module}`), async () => pins[typed++]!);
    await asks.sign(content);
    await asks.sign(content);
    await expect(asks.sign(content)).rejects.toMatchObject({ code: 'PIN_WRONG' });
    expect(typed).toBe(4);
    await asks.close();

    const refusal = (attempt: Promise<unknown>) => attempt.then(() => null, ({ code, message }: { code: string; message: string }) => `${code} ${message}`);
    expect(await refusal(open('token=hotel;object=seal'))).toMatch(/^SIGNER_KEY_UNKNOWN .*more than one private key with label “seal”/);
    expect(await refusal(open('token=hotel;object=sael'))).toMatch(/^SIGNER_KEY_UNKNOWN .*no private key with label “sael”/);
    expect(await refusal(open('token=hotel;object=other'))).toMatch(/^SIGNER_KEY_UNFIT /);
    expect(await refusal(open('token=inn;object=seal'))).toMatch(/^SIGNER_AWAY .*“hotel”/);
    expect(await refusal(open('object=seal'))).toMatch(/^SIGNER_KEY_UNKNOWN More than one token fits/);
    expect(await refusal(open('token=empty;id=%01'))).toMatch(/^SIGNER_KEY_UNKNOWN /);
    const wrong = await refusal(open('token=hotel;id=%01', 'not the PIN'));
    expect(wrong).toMatch(/^PIN_WRONG /);
    expect(wrong).not.toContain('not the PIN');
    const closed = await open('token=hotel;id=%01');
    await closed.close();
    expect(await refusal(closed.sign(content))).toMatch(/^SIGNER_AWAY /);
    expect(await refusal(openPkcs11Key(readPkcs11Uri(`pkcs11:object=seal?module-path=${join(folder, 'root.pem')}`), async () => hsm.pin))).toMatch(/^SIGNER_AWAY .*root\.pem/);
  });

  it('never tries a PIN that could lock the token, or that it does not take any more', () => {
    const ready = 0x4 | 0x8;
    expect(pinMustNotBeTried(ready)).toBeNull();
    expect(pinMustNotBeTried(ready | 0x10000)).toBeNull();
    expect(pinMustNotBeTried(ready | 0x20000)).toMatchObject({ code: 'PIN_WRONG' });
    expect(pinMustNotBeTried(ready | 0x40000)).toMatchObject({ code: 'PIN_LOCKED' });
    expect(pinMustNotBeTried(0x4)).toMatchObject({ code: 'PIN_LOCKED', why: expect.stringContaining('no user PIN') });
  });
});

describe('a PKCS#11 URI', () => {
  it('says where the key is, in bytes and in letters', () => {
    expect(readPkcs11Uri('pkcs11:token=Grand%20Hotel;serial=a1;object=Z%c4%abmogs;id=%01%ff?module-path=/lib/p.so&pin-source=file:/run/pin')).toEqual({
      modulePath: '/lib/p.so', token: 'Grand Hotel', serial: 'a1', object: 'Zīmogs', id: Buffer.from([1, 255]), pinFile: '/run/pin',
    });
  });

  it('with a PIN in it is refused without repeating it; so is one that does not say which key', () => {
    for (const [uri, why] of [
      ['pkcs11:object=a?module-path=/p&pin-value=4711', 'a PIN must not stand in it'], ['pkcs11:token=a?module-path=/p', 'does not name the key'],
      ['pkcs11:object=a', 'does not name the library'], ['pkcs11:object=a;slot-id=3?module-path=/p', '"slot-id" is not known'],
      ['pkcs11:object=%zz?module-path=/p', 'object has no value'], ['pkcs11:object=a;type=cert?module-path=/p', 'no private key'], ['p11:object=a', 'does not begin'],
    ] as const) {
      expect(() => readPkcs11Uri(uri)).toThrow(expect.objectContaining({ code: 'KEY_REFERENCE_INVALID', message: expect.stringContaining(why) }));
      expect(() => readPkcs11Uri(uri)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('4711') }));
    }
  });
});

/** koffi unloads a library with its last object: what is in use must be held, or the next call ends the process. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  // finalizers of native objects run in a turn of their own
  await setImmediate();
}
