import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeKeyPair, privateKeyPem, publicKeyDer } from '#keys/key-pair.ts';
import { readEnvelopeHeader } from './envelope-header.ts';
import { openEnvelope } from './open-envelope.ts';
import { sha256 } from './sha256.ts';
import { wrapForPublicKey, type Wrapper } from './wrap.ts';

let wrapper: Wrapper;
let key: { privateKeyPem: string };

beforeAll(async () => {
  const pair = await makeKeyPair('rsa');
  wrapper = wrapForPublicKey(publicKeyDer(pair.publicKey));
  key = { privateKeyPem: privateKeyPem(pair.privateKey) };
});

const refused = { name: 'SyncError', code: expect.stringMatching(/^ENVELOPE_/) };

describe('an envelope', () => {
  it('does not open with any one byte changed', async () => {
    const envelope = await wrapper.wrap(Buffer.from('strokes'), { tenant: 'nord' });
    for (let at = 0; at < envelope.length; at++) {
      const changed = Uint8Array.from(envelope);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      await expect(openEnvelope(changed, key), `byte ${at}`).rejects.toMatchObject(refused);
    }
  });

  it('does not open cut off, wherever', async () => {
    const envelope = await wrapper.wrap(Buffer.from('strokes'), { tenant: 'nord' });
    for (let length = 0; length < envelope.length; length += 7) {
      await expect(openEnvelope(envelope.subarray(0, length), key), `${length} bytes`).rejects.toMatchObject(refused);
    }
    await expect(openEnvelope(envelope.subarray(0, -1), key)).rejects.toMatchObject(refused);
  });

  it('whose context names another content is refused', async () => {
    const content = Buffer.from('strokes');
    const named = await wrapper.wrap(content, { sha256: sha256(content) });
    expect((await openEnvelope(named, key)).bytes).toEqual(new Uint8Array(content));
    const misnamed = await wrapper.wrap(content, { sha256: sha256(Buffer.from('others')) });
    await expect(openEnvelope(misnamed, key)).rejects.toMatchObject({ code: 'ENVELOPE_CHANGED' });
  });

  it('that lies about its lengths costs no memory', async () => {
    const envelope = Buffer.from(await wrapper.wrap(Buffer.from('strokes'), {}));
    const keyCount = Buffer.from(envelope);
    keyCount.writeUInt16BE(0xffff, 37);
    await expect(openEnvelope(keyCount, key)).rejects.toMatchObject({ code: 'ENVELOPE_MALFORMED' });
    const frames = Buffer.from(envelope);
    frames.writeUInt32BE(0xffffffff, frames.indexOf(Buffer.from([0x00, 0x04, 0x00, 0x00])));
    await expect(openEnvelope(frames, key)).rejects.toMatchObject({ code: 'ENVELOPE_MALFORMED' });
  });
});

it('the head of arbitrary bytes is read or refused, never worse', () => {
  const head = fc.uint8Array({ maxLength: 200 }).map((tail) => Uint8Array.from([2, 4, 0x78, ...Array.from({ length: 32 }, () => 1), ...tail]));
  fc.assert(fc.property(fc.oneof(head, fc.uint8Array({ maxLength: 200 })), (bytes) => {
    try {
      expect(readEnvelopeHeader(bytes).keys.length).toBeLessThanOrEqual(8);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENVELOPE_MALFORMED' });
    }
  }));
});
