import { expect, it } from 'vitest';
import { nextHop } from './fresh-renderer.ts';

const own = new Set(['127.0.0.1:4780', 'localhost:4780']);

it('leads by the other name back to the guest screen', () => {
  expect(nextHop('http', 'localhost:4780', '127.0.0.1:4780', own)).toBe('http://127.0.0.1:4780/guest/fresh');
  expect(nextHop('http', '127.0.0.1:4780', null, own)).toBe('/guest/');
});

it('leads nowhere else, whatever the query asks', () => {
  for (const to of ['evil.example', 'evil.example:4780', '127.0.0.1:9', '', '//evil.example', '127.0.0.1:4780@evil.example', 'localhost:4780']) {
    expect(nextHop('http', 'localhost:4780', to, own)).toBe('/guest/');
  }
});
