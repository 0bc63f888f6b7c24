/** Which addresses a stranger's certificate may send this machine to. */
import { expect, test } from 'vitest';
import { download, isPublic } from './download.ts';

test.each(['8.8.8.8', '193.0.6.139', '2606:4700::1111', '2a00:1450:4001:80b::200e'])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true);
});

test.each([
  '127.0.0.1', '0.0.0.0', '10.1.2.3', '172.31.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '198.18.0.1',
  '::1', '::', 'fe80::1', 'fc00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:a00:1::1', '2001:0:a00:1::1', '2001:db8::1', 'localhost', '',
])('"%s" is not', (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each([
  'http://127.0.0.1/crl', 'http://[::1]/crl', 'http://[::ffff:127.0.0.1]/crl', 'http://0x7f000001/crl', 'http://2130706433/', 'http://localhost:1/crl', 'file:///etc/passwd',
  'ldap://192.0.2.1/', 'http://name:word@8.8.8.8/', 'nothing',
])('%s is not gone to', async (address) => {
  await expect(download(address, { accept: 'application/pkix-crl', most: 100 }, {})).rejects.toMatchObject({ name: 'PacketError', code: 'REVOCATION_ADDRESS' });
});
