import { describe, expect, it } from 'vitest';
import { ipcSender, keyPress, navigation, newWindow, permission } from './policy.ts';

const STATION = 'http://127.0.0.1:4780/guest?token=once';

describe('navigation', () => {
  it.each(['http://127.0.0.1:4780/guest', 'http://127.0.0.1:4780/guest/', 'http://127.0.0.1:4780/guest?token=x'])('allows %s', (url) => {
    expect(navigation(url, STATION).allow).toBe(true);
  });
  it.each([
    'http://127.0.0.1:4780/desk', 'http://127.0.0.1:4780/guestbook', 'http://127.0.0.1:4780/guest/../desk',
    'http://127.0.0.1:4781/guest', 'https://127.0.0.1:4780/guest', 'http://localhost:4780/guest',
    'http://127.0.0.1:4780@evil.example/guest', 'http://user@127.0.0.1:4780/guest',
    'file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'about:blank', 'blob:http://127.0.0.1:4780/1', '', 'not an address',
  ])('refuses %s', (url) => {
    expect(navigation(url, STATION).allow).toBe(false);
  });
});

it('opens no second window', () => {
  expect(newWindow().allow).toBe(false);
});

describe('permission', () => {
  it('keeps the screen awake and tells the place for the guest screen, and for nothing else', () => {
    expect(permission('geolocation', 'http://127.0.0.1:4780/guest', STATION).allow).toBe(true);
    expect(permission('geolocation', 'http://127.0.0.1:4780/desk', STATION).allow).toBe(false);
    expect(permission('screen-wake-lock', 'http://127.0.0.1:4780/guest', STATION).allow).toBe(true);
    expect(permission('screen-wake-lock', 'http://evil.example/guest', STATION).allow).toBe(false);
  });
  it.each(['media', 'notifications', 'clipboard-read', 'openExternal', 'hid', 'serial', 'usb', 'midi', 'unknown', 'constructor'])('refuses %s', (name) => {
    expect(permission(name, 'http://127.0.0.1:4780/guest', STATION).allow).toBe(false);
  });
});

describe('sender of a message', () => {
  it('is the top frame of the guest screen, or nobody', () => {
    expect(ipcSender({ url: 'http://127.0.0.1:4780/guest/', isMainFrame: true }, STATION).allow).toBe(true);
    expect(ipcSender({ url: 'http://127.0.0.1:4780/guest/', isMainFrame: false }, STATION).allow).toBe(false);
    expect(ipcSender({ url: 'http://127.0.0.1:4780/desk/', isMainFrame: true }, STATION).allow).toBe(false);
    expect(ipcSender(null, STATION).allow).toBe(false);
  });
});

describe('keys', () => {
  const press = (key: string, modifiers: Partial<{ control: boolean; alt: boolean; meta: boolean }> = {}) =>
    keyPress({ key, control: false, alt: false, meta: false, ...modifiers }).allow;

  it('lets a guest read and sign by keyboard', () => {
    for (const key of ['Tab', 'Enter', ' ', 'ArrowDown', 'PageDown', 'a', 'F']) expect(press(key)).toBe(true);
    expect(press('a', { control: true })).toBe(true);
  });
  it('lets nobody out', () => {
    for (const key of ['F5', 'F11', 'F12']) expect(press(key)).toBe(false);
    for (const key of ['r', 'R', 'w', 'p', 'n', 't', '+', '-', 'i']) expect(press(key, { control: true })).toBe(false);
    expect(press('F4', { alt: true })).toBe(false);
    expect(press('Tab', { alt: true })).toBe(false);
    expect(press('q', { meta: true })).toBe(false);
  });
});
