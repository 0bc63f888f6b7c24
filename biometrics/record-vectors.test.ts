/** The vectors beside FORMAT.md: what any reader must give, good or bad. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeVectors } from '#fixtures/records/make-records.ts';
import type { RecordVector } from '#fixtures/records/vector-parts.ts';
import { captureToJson } from './capture-json.ts';
import { decodeRecord } from './record.ts';

const folder = join(import.meta.dirname, '../fixtures/records');
const vectors = readdirSync(folder).filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RecordVector).toSorted(byName);

function byName(one: RecordVector, other: RecordVector): number {
  return one.name < other.name ? -1 : 1;
}

describe('the record vectors', () => {
  it.each(vectors)('$name: $comment', ({ record, expect: wanted }) => {
    const bytes = new Uint8Array(Buffer.from(record, 'base64'));
    if ('error' in wanted) {
      expect(() => decodeRecord(bytes)).toThrow(expect.objectContaining({ name: 'RecordError', code: wanted.error }));
    } else {
      const { version, context, capture } = decodeRecord(bytes);
      expect({ version, context, capture: JSON.parse(captureToJson(capture)) as unknown }).toEqual(wanted);
    }
  });

  it('are what the generator beside them writes', () => {
    expect(vectors).toEqual(makeVectors().toSorted(byName));
  });
});
