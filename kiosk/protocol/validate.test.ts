import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXCEPTION_REASONS, IDENTITY_PROOFS, VOID_REASONS } from './states.ts';
import { MAX_MESSAGE, readBody, readGuestMessage } from './validate.ts';

const sha256 = 'ab'.repeat(32);
const request = '0b5f6f7e-1111-4222-8333-444455556666';

const screen = { left: -1_280, top: 0, width: 1_280, height: 800, devicePixelRatio: 1.5, orientation: 270 };

const VALID = [
  { type: 'hello', viewport: { width: 1280, height: 800, devicePixelRatio: 1.5 }, secureContext: true, rawUpdate: false, userAgent: 'Mozilla/5.0' },
  { type: 'shown', request, sha256 },
  { type: 'page', request, page: 3, ms: 1200 },
  { type: 'language', request, language: 'sv' },
  { type: 'consent', request, language: 'zh-Hans', consentSha256: sha256 },
  { type: 'clear', request },
  { type: 'pen-begin', request, attempt: 1, language: 'ar', surface: { left: 10, top: -0.5, width: 800, height: 300 }, screen, toPage: [0.5, 0, 0, -0.5, 0, 800] },
  { type: 'pen-end', request, attempt: 1 },
  { type: 'back', request, why: 'rotated' },
  { type: 'decline', request, reason: 'paper', text: '' },
  { type: 'position', request, position: { latitude: 56.95, longitude: -24.1, accuracy: 35 }, why: null },
  { type: 'position', request, position: null, why: 'refused' },
  { type: 'idle', request },
  { type: 'alive', request },
];

describe('messages of the guest screen', () => {
  test.each(VALID)('$type is read as it was sent', (message) => {
    expect(readGuestMessage(JSON.stringify(message))).toEqual(message);
  });

  test.each(VALID)('$type with any key missing, added or of another type is refused', (message) => {
    for (const key of Object.keys(message).filter((key) => key !== 'type')) {
      const { [key]: _, ...without } = message as Record<string, unknown>;
      expect(() => readGuestMessage(JSON.stringify(without))).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
      expect(() => readGuestMessage(JSON.stringify({ ...message, [key]: [1] }))).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
    }
    expect(() => readGuestMessage(JSON.stringify({ ...message, admin: true }))).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });

  test('hello may say where the page lies on the display, and then all of it', () => {
    const [hello] = VALID;
    expect(readGuestMessage(JSON.stringify({ ...hello, screen }))).toEqual({ ...hello, screen });
    for (const wrong of [{ ...screen, orientation: 45 }, { ...screen, width: null }, { left: 0, top: 0 }, null, []]) {
      expect(() => readGuestMessage(JSON.stringify({ ...hello, screen: wrong }))).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
    }
  });

  test.each([
    ['attempt', 0], ['attempt', 1.5], ['attempt', 10_001], ['toPage', [1, 0, 0, 1, 0]], ['toPage', [1, 0, 0, 1, 0, null]], ['toPage', [1, 0, 0, 1, 0, 0, 0]],
    ['surface', { left: 0, top: 0, width: '800', height: 300 }], ['screen', { ...screen, orientation: 1 }],
  ])('pen-begin with %s %o is refused', (key, value) => {
    const begin = VALID.find(({ type }) => type === 'pen-begin');
    expect(() => readGuestMessage(JSON.stringify({ ...begin, [key]: value }))).toThrow(expect.objectContaining({ code: expect.stringMatching(/MALFORMED|TOO_LONG/) as string }));
  });

  test.each([{ latitude: 90.1, longitude: 0, accuracy: 1 }, { latitude: 0, longitude: -181, accuracy: 1 }, { latitude: 0, longitude: 0, accuracy: -1 }, { latitude: 0, longitude: 0 }])('position %o is refused', (position) => {
    expect(() => readGuestMessage(JSON.stringify({ type: 'position', request, position, why: null }))).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });

  test.each(['release', 'toString', '__proto__', 'constructor', ''])('type "%s" is unknown', (type) => {
    expect(() => readGuestMessage(`{"type":${JSON.stringify(type)}}`)).toThrow(expect.objectContaining({ code: 'UNKNOWN_TYPE' }));
  });

  test('too long a message, and too long a reason, are told apart from nonsense', () => {
    expect(() => readGuestMessage(' '.repeat(MAX_MESSAGE + 1))).toThrow(expect.objectContaining({ code: 'TOO_LONG' }));
    const wordy = { type: 'decline', request, reason: 'other', text: 'x'.repeat(501) };
    expect(() => readGuestMessage(JSON.stringify(wordy))).toThrow(expect.objectContaining({ code: 'TOO_LONG' }));
  });

  test.each(['../../etc', 'a/b', '', 'x'.repeat(65), 'é'])('"%s" is no request id', (id) => {
    expect(() => readGuestMessage(JSON.stringify({ type: 'alive', request: id }))).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });

  test('whatever comes, the answer is a known message or a ProtocolError', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.json().map((json) => `{"type":"page","request":${json}}`)), (json) => {
      try {
        expect(VALID.map(({ type }) => type)).toContain(readGuestMessage(json).type);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ProtocolError' });
      }
    }));
  });
});

describe('bodies of the desk', () => {
  test('valid ones are read', () => {
    expect(readBody.nothing('')).toEqual({});
    expect(readBody.move('{"tablet":"front"}')).toEqual({ tablet: 'front' });
    const signings = [{ role: 'guest', kind: 'initials', field: 0 }, { role: 'staff', kind: 'signature', field: 999 }];
    expect(readBody.plan(JSON.stringify({ signings }))).toEqual({ signings });
    const fields = [{ what: 'signature', role: 'guest', page: 1, rect: { x: 1, y: 2, width: 30, height: 9.5 } }, { what: 'room', role: 'guest', page: 2, rect: { x: 0, y: 0, width: 9, height: 9 } }];
    for (const remember of [null, { name: 'Карта гостя' }]) expect(readBody.fields(JSON.stringify({ fields, remember }))).toEqual({ fields, remember });
    expect(readBody.cancel('{"reason":"other","text":"left"}')).toEqual({ reason: 'other', text: 'left' });
    expect(readBody.cancel('{"reason":"refused-then-paper"}')).toEqual({ reason: 'refused-then-paper' });
    for (const reason of EXCEPTION_REASONS) expect(readBody.accept(JSON.stringify({ reason }))).toEqual({ reason });
    for (const seen of IDENTITY_PROOFS) expect(readBody.identity(JSON.stringify({ seen }))).toEqual({ seen });
    for (const reason of VOID_REASONS) expect(readBody.void(JSON.stringify({ reason }))).toEqual({ reason });
    expect(readBody.again('')).toEqual({});
    for (const again of [{}, { without: 2 }]) expect(readBody.again(JSON.stringify(again))).toEqual(again);
    for (const code of ['DECLINED', 'PEN_GONE front']) expect(readBody.putAway(JSON.stringify({ code }))).toEqual({ code });
    expect(readBody.sample('{"tablet":"front","pages":3}')).toEqual({ tablet: 'front', pages: 3 });
    expect(readBody.try('{"tablet":"front"}')).toEqual({ tablet: 'front' });
  });

  test.each([
    ['nothing', '{"field":0}'], ['nothing', '[]'], ['nothing', 'null'],
    ['move', '{}'], ['move', '{"tablet":"../x"}'],
    ['plan', '{}'], ['plan', '{"signings":[{"role":"guest","kind":"signature","field":-1}]}'], ['plan', '{"signings":[{"role":"guest","kind":"date","field":0}]}'],
    ['plan', '{"signings":[{"role":"boss","kind":"signature","field":0}]}'],
    ['fields', '{"fields":[],"remember":{"name":""}}'], ['fields', '{"fields":[]}'], ['fields', '{"fields":[{"what":"tick","role":"guest","page":1,"rect":{"x":0,"y":0,"width":1,"height":1}}],"remember":null}'], ['fields', '{"fields":[{"what":"check","label":"","role":"guest","page":1,"rect":{"x":0,"y":0,"width":1,"height":1}}],"remember":null}'],
    ['cancel', '{"reason":"paper"}'], ['cancel', '{"reason":"other","by":"me"}'],
    ['accept', '{}'], ['accept', '{"reason":"other"}'], ['accept', '{"reason":null}'], ['accept', '{"reason":"mark","by":"me"}'],
    ['identity', '{}'], ['identity', '{"seen":"P1234567"}'], ['identity', '{"seen":"passport","number":"P1234567"}'],
    ['void', '{}'], ['void', '{"reason":"guest Anna"}'], ['void', '{"reason":"other","text":"Anna"}'],
    ['again', '{"without":-1}'], ['again', '{"without":1.5}'], ['again', '{"next":1}'], ['putAway', '{}'], ['putAway', '{"code":"\\n"}'],
    ['sample', '{"tablet":"front","pages":2}'], ['try', '{"tablet":7}'], ['try', '{'],
  ] as const)('%s %s is refused', (command, json) => {
    expect(() => readBody[command](json)).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });
});
