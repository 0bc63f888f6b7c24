/** Certificate paths made by OpenSSL; where `openssl verify` is asked the same question, it must give the same answer. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { readCertificate } from '#keys/certificate.ts';
import { checkChain } from './chain.ts';

const folder = temporaryFolder();
const DAY_MS = 86_400_000;
const CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash';
const LEAF = 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid';
const P256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const RSA_1024 = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'];

interface Wanted { extensions?: string; key?: string[]; digest?: string; days?: number; subject?: string }

/** Makes `name.key` and `name.pem` under `issuer`; a self-signed certificate where that is null. */
function make(openssl: string, name: string, issuer: string | null, { extensions = CA, key = P256, digest = 'sha256', days = 30, subject = name }: Wanted): void {
  const run = (...args: string[]) => execFileSync(openssl, args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'extensions'), extensions);
  run('genpkey', ...key, '-out', `${name}.key`);
  run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${subject}`, '-out', 'request');
  const signer = issuer === null ? ['-signkey', `${name}.key`] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'];
  run('x509', '-req', '-in', 'request', ...signer, '-days', String(days), `-${digest}`, '-extfile', 'extensions', '-out', `${name}.pem`);
}

function der(name: string): Uint8Array {
  return readCertificate(readFileSync(join(folder, `${name}.pem`)));
}

/** Whether OpenSSL leads `leaf` to `root` over the certificates between. */
function opensslAccepts(openssl: string, root: string, between: readonly string[], leaf: string, at: Date): boolean {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const untrusted = between.flatMap((name) => ['-untrusted', `${name}.pem`]);
  return spawnSync(openssl, ['verify', '-x509_strict', '-trusted', `${root}.pem`, ...untrusted, '-attime', seconds, `${leaf}.pem`], { cwd: folder }).status === 0;
}

interface Path { title: string; between?: Wanted[]; leaf?: Wanted; day?: number; because: string | null }

const paths: Path[] = [
  { title: 'a leaf under the root', because: null },
  { title: 'a leaf under two authorities', between: [{}, {}], because: null },
  { title: 'an authority with room for the path', between: [{ extensions: CA.replace('CA:TRUE', 'CA:TRUE,pathlen:1') }, {}], because: null },
  { title: 'an authority without room for the path', between: [{ extensions: CA.replace('CA:TRUE', 'CA:TRUE,pathlen:0') }, {}], because: 'CHAIN_CONSTRAINTS_FAILURE' },
  { title: 'a leaf that issued a leaf', between: [{ extensions: 'basicConstraints=critical,CA:FALSE' }], because: 'CHAIN_CONSTRAINTS_FAILURE' },
  { title: 'an issuer without basic constraints', between: [{ extensions: 'keyUsage=critical,keyCertSign' }], because: 'CHAIN_CONSTRAINTS_FAILURE' },
  { title: 'a leaf that has expired', day: 40, because: 'OUT_OF_BOUNDS_NO_POE' },
  { title: 'a leaf that is not valid yet', day: -1, because: 'OUT_OF_BOUNDS_NO_POE' },
  { title: 'an authority that has expired', between: [{ days: 10 }], day: 20, because: 'OUT_OF_BOUNDS_NO_POE' },
  { title: 'a critical extension that nobody knows', leaf: { extensions: `${LEAF}\n1.2.3.4=critical,ASN1:UTF8String:x` }, because: 'CHAIN_CONSTRAINTS_FAILURE' },
];

describe('as openssl verify answers', () => {
  test.for(paths.map((path, index) => [path.title, path, `path${index}`] as const))('%s', ([, { between = [], leaf = {}, day = 1, because }, name], context) => {
    const openssl = judge(context, 'openssl');
    const names = between.map((_, index) => `${name}-authority${index}`);
    make(openssl, `${name}-root`, null, { days: 100 });
    between.forEach((wanted, index) => make(openssl, names[index]!, names[index - 1] ?? `${name}-root`, wanted));
    make(openssl, `${name}-leaf`, names.at(-1) ?? `${name}-root`, { extensions: LEAF, ...leaf });
    const at = new Date(Date.now() + day * DAY_MS);
    expect(checkChain(der(`${name}-leaf`), names.map(der).reverse(), [der(`${name}-root`)], at)?.because ?? null).toBe(because);
    expect(opensslAccepts(openssl, `${name}-root`, names, `${name}-leaf`, at)).toBe(because === null);
  });
});

describe('where we are stricter, or asked something else', () => {
  test.for<readonly [string, Wanted, Wanted, string]>([
    ['a certificate signed with SHA-1', {}, { digest: 'sha1' }, 'CRYPTO_CONSTRAINTS_FAILURE'],
    ['a key of 1024 bits', {}, { key: RSA_1024 }, 'CRYPTO_CONSTRAINTS_FAILURE'],
    ['a certificate that is not for signing', {}, { extensions: LEAF.replace('digitalSignature,nonRepudiation', 'keyEncipherment') }, 'CHAIN_CONSTRAINTS_FAILURE'],
    ['name constraints, which are not understood here', { extensions: `${CA}\nnameConstraints=critical,permitted;DNS:example.org` }, {}, 'CHAIN_CONSTRAINTS_FAILURE'],
  ])('%s', ([, authority, leaf, because], context) => {
    const openssl = judge(context, 'openssl');
    make(openssl, 'root', null, {});
    make(openssl, 'authority', 'root', authority);
    make(openssl, 'leaf', 'authority', { extensions: LEAF, ...leaf });
    expect(checkChain(der('leaf'), [der('authority')], [der('root')], new Date())?.because).toBe(because);
  });

  test('an authority between that bears the name of the root is no root: signed with SHA-1, it could be forged', (context) => {
    const openssl = judge(context, 'openssl');
    make(openssl, 'root', null, { digest: 'sha1' });
    make(openssl, 'between', 'root', { subject: 'root', digest: 'sha1' });
    make(openssl, 'leaf', 'between', { extensions: LEAF });
    expect(checkChain(der('leaf'), [der('between')], [der('root')], new Date())?.because).toBe('CRYPTO_CONSTRAINTS_FAILURE');
    expect(checkChain(der('leaf'), [], [der('between')], new Date())).toBeNull();
  });

  test('a root of the same name and another key is another root', (context) => {
    const openssl = judge(context, 'openssl');
    make(openssl, 'twin', null, { extensions: CA.replace('subjectKeyIdentifier=hash', '') });
    make(openssl, 'leaf', 'twin', { extensions: LEAF.replace(/\n\w+KeyIdentifier=\w+/g, '') });
    expect(checkChain(der('leaf'), [], [der('twin')], new Date())).toBeNull();
    make(openssl, 'twin', null, { extensions: CA.replace('subjectKeyIdentifier=hash', '') });
    expect(checkChain(der('leaf'), [], [der('twin')], new Date())?.because).toBe('NO_CERTIFICATE_CHAIN_FOUND');
  });

  test('a self-signed certificate is trusted if it is itself the root given', (context) => {
    make(judge(context, 'openssl'), 'alone', null, { extensions: LEAF.replace('\nauthorityKeyIdentifier=keyid', '') });
    expect(checkChain(der('alone'), [], [der('alone')], new Date())).toBeNull();
  });

  test('what cannot be read leads nowhere, and disturbs nothing', (context) => {
    const openssl = judge(context, 'openssl');
    make(openssl, 'root', null, {});
    make(openssl, 'leaf', 'root', { extensions: LEAF });
    const junk = new Uint8Array([0x30, 0x03, 1, 2, 3]);
    expect(checkChain(junk, [], [der('root')], new Date())?.because).toBe('NO_SIGNING_CERTIFICATE_FOUND');
    expect(checkChain(der('leaf'), [junk], [junk, der('root')], new Date())).toBeNull();
    expect(checkChain(der('leaf'), [], [], new Date())?.because).toBe('NO_CERTIFICATE_CHAIN_FOUND');
  });
});
