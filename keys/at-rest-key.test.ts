import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAtRestKey } from './at-rest-key.ts';
import { SLICE_LENGTH } from './slices.ts';

const refused = expect.objectContaining({ code: 'AT_REST_DECRYPT' });

describe('the at-rest key', () => {
  const key = createAtRestKey(randomBytes(32));

  it('opens what it closed, under the same label only', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5000 }), fc.string(), fc.string(), (bytes, label, other) => {
      const closed = key.encrypt(bytes, label);
      expect(key.decrypt(closed, label)).toEqual(bytes);
      if (other !== label) expect(() => key.decrypt(closed, other)).toThrow(refused);
    }));
  });

  it('refuses every flipped bit, every truncation and another key', () => {
    const closed = key.encrypt(Buffer.from('the guest’s document'), 'document 1');
    for (let bit = 0; bit < closed.length * 8; bit++) {
      const changed = Uint8Array.from(closed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => key.decrypt(changed, 'document 1')).toThrow(refused);
    }
    for (let length = 0; length < closed.length; length++) expect(() => key.decrypt(closed.subarray(0, length), 'document 1')).toThrow(refused);
    expect(() => createAtRestKey(randomBytes(32)).decrypt(closed, 'document 1')).toThrow(refused);
  });

  it('does the same to whole documents, and lets others go on between', async () => {
    const document = randomBytes(2 * SLICE_LENGTH + 17);
    let turns = 0;
    const others = setInterval(() => { turns++; }, 0);
    try {
      const closed = await key.encryptLarge(document, 'document 1');
      const before = turns;
      expect(Buffer.compare(await key.decryptLarge(closed, 'document 1'), document)).toBe(0);
      expect(before).toBeGreaterThan(0);
      expect(turns).toBeGreaterThan(before);
      expect(Buffer.compare(key.decrypt(closed, 'document 1'), document)).toBe(0);
      closed[SLICE_LENGTH * 2] = (closed[SLICE_LENGTH * 2] ?? 0) ^ 1;
      await expect(key.decryptLarge(closed, 'document 1')).rejects.toEqual(refused);
    } finally {
      clearInterval(others);
    }
  });

  it('does so to small ones, cut or mislabelled too', async () => {
    for (const content of [new Uint8Array(), Buffer.from('the guest’s document')]) {
      const closed = await key.encryptLarge(content, 'document 1');
      expect(key.decrypt(closed, 'document 1')).toEqual(new Uint8Array(content));
      expect(await key.decryptLarge(key.encrypt(content, 'document 1'), 'document 1')).toEqual(new Uint8Array(content));
      await expect(key.decryptLarge(closed, 'document 2')).rejects.toEqual(refused);
      for (let length = 0; length < closed.length; length++) await expect(key.decryptLarge(closed.subarray(0, length), 'document 1')).rejects.toEqual(refused);
    }
  });

  it('never writes the same bytes twice, and none of the content', () => {
    const content = Buffer.from('the guest’s document');
    const [one, two] = [key.encrypt(content, ''), key.encrypt(content, '')];
    expect(Buffer.from(one).equals(two)).toBe(false);
    expect(Buffer.from(one).includes(content.subarray(0, 4))).toBe(false);
  });
});
