/** Our reader of deflate takes what zlib takes, to the byte, and refuses what zlib refuses. */
import { constants, deflateRawSync, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { numbers, type Next } from '#fixtures/records/mutations.ts';
import { InflateError, inflateExactly } from './inflate.ts';

const KINDS: readonly ZlibOptions[] = [{ level: 9 }, { level: 0 }, { strategy: constants.Z_FIXED }, { strategy: constants.Z_HUFFMAN_ONLY }, { windowBits: 9, memLevel: 1 }];

/** What zlib makes of the stream; null where it refuses it, or does not reach its last byte. */
function zlib(stream: Uint8Array): Uint8Array | null {
  try {
    const { buffer, engine } = inflateRawSync(stream, { info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === stream.length ? new Uint8Array(buffer) : null;
  } catch {
    return null;
  }
}

function ours(stream: Uint8Array, length: number): Uint8Array | null {
  try {
    return inflateExactly(stream, length);
  } catch (error) {
    if (error instanceof InflateError) return null;
    throw error;
  }
}

/** Bytes that compress well, a little, or not at all. */
function content(length: number, next: Next): Uint8Array {
  const most = [3, 40, 256][next(3)]!;
  return Uint8Array.from({ length }, () => Math.min(next(most), next(most)));
}

function damaged(stream: Uint8Array, next: Next): Uint8Array {
  const copy = new Uint8Array(stream);
  // most of what can be wrong stands at the beginning: block types, code lengths
  for (let times = next(3); times > 0; times -= 1) copy[next(Math.min(copy.length, 40))]! ^= 1 << next(8);
  return [copy, copy, copy, copy.slice(0, next(copy.length + 1)), Uint8Array.of(...copy, next(256))][next(5)]!;
}

describe('inflating', () => {
  it('gives what zlib gives, for whole and for damaged streams', () => {
    const next = numbers(1951);
    let taken = 0;
    for (let round = 0; round < 1_200; round++) {
      const plain = content(next(300), next);
      const stream = damaged(deflateRawSync(plain, KINDS[next(KINDS.length)]!), next);
      const wanted = zlib(stream);
      const length = wanted?.length ?? plain.length;
      expect(ours(stream, length), `round ${round}: ${Buffer.from(stream).toString('hex')}`).toEqual(wanted);
      expect(ours(stream, length + 1)).toBeNull();
      if (length > 0) expect(ours(stream, length - 1)).toBeNull();
      if (wanted !== null) taken += 1;
    }
    expect(taken).toBeGreaterThan(250);
    expect(taken).toBeLessThan(950);
  });

  it('reads long words, far distances and many blocks', () => {
    const next = numbers(2);
    const skewed = Uint8Array.from({ length: 60_000 }, () => Math.floor(256 * (next(1000) / 1000) ** 12));
    const far = Uint8Array.from([...content(32_768, numbers(3)), ...content(32_768, numbers(3))]);
    for (const plain of [skewed, far]) {
      for (const options of KINDS) expect(Buffer.compare(inflateExactly(deflateRawSync(plain, options), plain.length), plain)).toBe(0);
    }
  });

  it('stops at the announced length, however much would follow', () => {
    const bomb = deflateRawSync(new Uint8Array(5_000_000));
    expect(() => inflateExactly(bomb, 100)).toThrow('more than the 100 bytes announced');
  });
});
