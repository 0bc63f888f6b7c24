import { describe, expect, test } from 'vitest';
import { areaOf, hostAllowed, hostsOf, isLoopback, listenAllowed, originAllowed, printAllowed, sessionAllowed } from './access.ts';

const hosts = hostsOf(['127.0.0.1', 'localhost', '::1', 'Desk.Hotel.example'], 4780);
const origins = new Set(['http://127.0.0.1:4780']);

describe('Host', () => {
  test.each([
    ['127.0.0.1:4780', true], ['localhost:4780', true], ['LOCALHOST:4780', true], ['[::1]:4780', true], ['desk.hotel.example:4780', true],
    ['127.0.0.1', false], ['127.0.0.1:4781', false], ['evil.example:4780', false], ['127.0.0.1.evil.example:4780', false], ['', false], [undefined, false],
  ])('%s: %s', (host, allowed) => {
    expect(hostAllowed(host, hosts).allowed).toBe(allowed);
  });
});

describe('Origin', () => {
  const own = 'http://127.0.0.1:4780';
  test.each([
    ['a page of ours posts', { method: 'POST', websocket: false, origin: own, fetchSite: 'same-origin' }, true],
    ['our WebSocket', { method: 'GET', websocket: true, origin: own, fetchSite: undefined }, true],
    ['reading without Origin, as navigation does', { method: 'GET', websocket: false, origin: undefined, fetchSite: 'none' }, true],
    ['opening the entry from a link elsewhere', { method: 'GET', websocket: false, origin: undefined, fetchSite: 'cross-site' }, true],
    ['posting without Origin', { method: 'POST', websocket: false, origin: undefined, fetchSite: undefined }, false],
    ['a WebSocket without Origin', { method: 'GET', websocket: true, origin: undefined, fetchSite: undefined }, false],
    ['a WebSocket of another page', { method: 'GET', websocket: true, origin: 'http://evil.example', fetchSite: undefined }, false],
    ['a sandboxed frame', { method: 'POST', websocket: false, origin: 'null', fetchSite: 'cross-site' }, false],
    ['another port of this machine', { method: 'POST', websocket: false, origin: 'http://127.0.0.1:8080', fetchSite: 'same-site' }, false],
    ['another scheme', { method: 'POST', websocket: false, origin: 'https://127.0.0.1:4780', fetchSite: undefined }, false],
    ['reading by another origin', { method: 'GET', websocket: false, origin: 'http://evil.example', fetchSite: 'cross-site' }, false],
    ['our Origin, but the browser says cross-site', { method: 'POST', websocket: false, origin: own, fetchSite: 'cross-site' }, false],
  ])('%s', (_, facts, allowed) => {
    expect(originAllowed(facts, origins).allowed).toBe(allowed);
  });
});

describe('sessions', () => {
  const none = { guest: false, desk: false };
  const guest = { guest: true, desk: false };
  const desk = { guest: false, desk: true };
  test.each([
    ['/guest', none, null], ['/desk', none, null], ['/guest/', none, null], ['/screens/assets/x.js', none, null],
    ['/guest/document/1', guest, null], ['/ws/guest', guest, null], ['/guest/requests/1/done', guest, null],
    ['/guest/document/1', none, 'NO_SESSION'], ['/ws/desk', none, 'NO_SESSION'], ['/desk/try', none, 'NO_SESSION'],
    ['/desk/requests/1/release', guest, 'FORBIDDEN'], ['/desk/requests/1/signed.pdf', guest, 'FORBIDDEN'], ['/ws/desk', guest, 'FORBIDDEN'],
    ['/desk/sample', desk, null], ['/ws/desk', desk, null],
    ['/guest/requests/1/done', desk, 'FORBIDDEN'], ['/ws/guest', desk, 'FORBIDDEN'],
    // closed until someone opens it
    ['/', guest, 'FORBIDDEN'], ['/status', guest, 'FORBIDDEN'], ['/guestbook', guest, 'FORBIDDEN'], ['/screens', guest, 'FORBIDDEN'], ['/ws/guest/x', guest, 'FORBIDDEN'],
  ])('%s with %o: %s', (path, has, refused) => {
    const access = sessionAllowed(areaOf(path), has);
    expect(access.allowed ? null : access.code).toBe(refused);
  });
});

describe('listening', () => {
  test.each([['127.0.0.1', true], ['127.1.2.3', true], ['::1', true], ['localhost', true], ['0.0.0.0', false], ['192.168.1.5', false], ['127.evil.example', false], ['::', false]])('%s is loopback: %s', (address, loopback) => {
    expect(isLoopback(address)).toBe(loopback);
    expect(listenAllowed(address, false).allowed).toBe(loopback);
    expect(listenAllowed(address, true).allowed).toBe(true);
  });
});

describe('printing', () => {
  test('a print client may, a web page may not, whatever host it names', () => {
    expect(printAllowed('127.0.0.1:4780', undefined, hosts).allowed).toBe(true);
    expect(printAllowed('127.0.0.1:4780', 'http://127.0.0.1:4780', hosts).allowed).toBe(false);
    expect(printAllowed('evil.example:4780', undefined, hosts).allowed).toBe(false);
  });
});
