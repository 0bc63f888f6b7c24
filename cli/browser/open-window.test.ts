import { describe, expect, it } from 'vitest';
import { browserArguments, hasDisplay } from './open-window.ts';

describe('the browser as a kiosk', () => {
  const args = browserArguments('http://127.0.0.1:4780/guest?token=x', '/profile', null, false);

  it('shows the guest screen full, in a profile of its own, and fetches nothing by itself', () => {
    expect(args).toEqual(expect.arrayContaining(['--kiosk', '--app=http://127.0.0.1:4780/guest?token=x', '--user-data-dir=/profile', '--no-first-run', '--disable-background-networking', '--disable-sync']));
  });
  it('keeps its sandbox, except for root, whom Chromium refuses it', () => {
    expect(args).not.toContain('--no-sandbox');
    expect(browserArguments('http://127.0.0.1/', '/profile', null, true)).toContain('--no-sandbox');
  });
  it('trusts the station’s own key and nothing more', () => {
    expect(args.filter((argument) => argument.includes('certificate'))).toEqual([]);
    expect(browserArguments('https://desk:4780/guest', '/profile', 'aGFzaA==', false)).toContain('--ignore-certificate-errors-spki-list=aGFzaA==');
  });
});

it('needs a display on Linux only', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'win32')).toBe(true);
});
