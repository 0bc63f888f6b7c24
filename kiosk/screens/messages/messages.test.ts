import { expect, test } from 'vitest';
import { consentText, LANGUAGES } from '#kiosk/protocol/consent.ts';
import { directionOf, fill, MESSAGES } from './guest-messages.ts';

const others = LANGUAGES.filter((language) => language !== 'en');
const names = (message: string): string[] => (message.match(/\{\w+\}/g) ?? []).sort();

test.each(others)('%s has every message of English, filled in, with the same values in it', (language) => {
  const messages = MESSAGES[language];
  expect(Object.keys(messages).sort()).toEqual(Object.keys(MESSAGES.en).sort());
  for (const [key, english] of Object.entries(MESSAGES.en)) {
    const translated = messages[key as keyof typeof messages];
    expect(translated.trim(), key).not.toBe('');
    expect(translated, `${key} is still English`).not.toBe(english);
    expect(names(translated), key).toEqual(names(english));
  }
});

test('the demo mark says DEMO wherever the script allows it', () => {
  expect(MESSAGES.en.demoMark).toBe('DEMO, not evidence');
  for (const language of ['sv', 'lv', 'de'] as const) expect(MESSAGES[language].demoMark).toContain('DEMO');
});

test.each(LANGUAGES)('the notice in %s names the hotel and who can open a signature', (language) => {
  const parties = { hotel: 'Grand Hotel', custodian: 'Notary Lind', tabletPlace: null };
  const text = consentText(language, parties);
  expect(text).toContain('Grand Hotel');
  expect(text).toContain('Notary Lind');
  expect(text).not.toMatch(/[{}]/);
  expect(text.split('\n\n')).toHaveLength(3);
  for (const role of ['guest', 'staff'] as const) {
    const [without, asked] = [null, { decimals: 4 }].map((tabletPlace) => consentText(language, { ...parties, tabletPlace }, role).split('\n\n'));
    expect(asked?.toSpliced(2, 1)).toEqual(without);
    // as the same language names the tablet and nothing is left in English
    expect(asked?.[2]).toMatch({ en: /where this tablet is/, sv: /var den här surfplattan/, lv: /kur atrodas šī planšete/, de: /wo sich dieses Tablet/, ar: /مكان وجود هذا الجهاز/ }[language]);
  }
});

test('values go into a message, unknown names stay visible', () => {
  expect(fill('Page {page} of {pages}', { page: 2, pages: 3 })).toBe('Page 2 of 3');
  expect(fill('{what}', {})).toBe('{what}');
});

test('only Arabic runs from right to left', () => {
  expect(LANGUAGES.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar']);
});
