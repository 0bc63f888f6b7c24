/** The page "Is this document genuine?" in a real browser, against the stand-in station. */
import { expect, test } from 'vitest';
import { axeViolations } from '#fixtures/axe.ts';
import { eventually, LANDSCAPE, openScreen, PORTRAIT } from '#fixtures/screens.ts';
import type { GenuineAnswer } from '#kiosk/protocol/genuine.ts';

const FILE = { name: 'card.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(5000, 1) };
const CHANGED: GenuineAnswer = {
  headline: { kind: 'not-genuine', text: 'NOT genuine: it was changed after it was signed', because: ['312 bytes stand behind the last signature: object 4 is changed.'] },
  demo: true, voids: ['This hotel has declared the packet of signing request 1 void, at 2026-01-01T10:05:00.000Z: it was signed twice.'],
  sections: [
    { title: 'Signature "guest" (PAdES-B-B)', facts: [{ label: 'sealed by', text: 'O=nord, OU=riga, CN=seal lobby (trusted)' }, { label: 'when', text: '2026-01-01T10:00:00.000Z, by the sealer\'s own clock; no time is proven' }] },
    { title: 'Revisions', facts: [{ label: 'revision 1', text: '40000 bytes; added: the document; sealed: "guest"' }, { label: 'revision 2', text: '40312 bytes; NOT ALLOWED: object 4 is changed; covered by no signature of its own' }] },
    { title: 'Audit trail', facts: [{ label: 'trail', text: '11 events, unbroken' }] },
  ],
  findings: [{ code: 'BYTES_AFTER_SIGNATURE', severity: 'error', message: '312 bytes stand behind the last signature.' }, { code: 'DEMO', severity: 'warning', message: 'DEMO, not evidence.' }],
};
/** What a file calls itself is text, whatever it holds. */
const HOSTILE = '<img src=x onerror="document.title=1"> "\u202egenuine';
const UNSAID: GenuineAnswer = {
  ...CHANGED, headline: { kind: 'unsaid', text: 'Cannot be said, because who sealed it is not known here', because: [`Signature "${HOSTILE}": the certificate of CN=${HOSTILE} does not lead to a root you trust.`] },
  voids: [], sections: [{ title: `Signature "${HOSTILE}" (CMS)`, facts: [{ label: HOSTILE, text: HOSTILE }] }], findings: [{ code: 'ROOT_UNKNOWN', severity: 'error', message: HOSTILE }],
};
const GENUINE: GenuineAnswer = { ...CHANGED, headline: { kind: 'genuine', text: 'Genuine', because: ['Nothing was changed since it was signed.'] }, demo: false, voids: [] };

test('a file is chosen or dropped anywhere, its bytes go to the station, and the answer is shown until the next', async (context) => {
  const { station, page, problems } = await openScreen(context, 'desk/genuine');
  station.commandAnswer = { status: 200, body: CHANGED };
  await page.locator('input[type=file]').setInputFiles(FILE);
  await page.getByRole('heading', { name: 'NOT genuine' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Declared void' }).isVisible()).toBe(true);
  expect(await page.getByText('card.pdf').isVisible()).toBe(true);
  station.commandAnswer = { status: 200, body: GENUINE };
  // a second one, while the first is checked, would only be refused
  await page.evaluate(() => {
    for (const length of [300, 301]) {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(length)], 'other.asice'));
      document.querySelector('header')?.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }));
    }
  });
  await page.getByRole('heading', { name: 'Yes. Genuine' }).waitFor();
  expect(await page.getByText('NOT genuine').count()).toBe(0);
  expect(station.commands).toEqual([{ path: '/desk/genuine/check', body: 5000 }, { path: '/desk/genuine/check', body: 300 }]);
  expect(problems).toEqual([]);
});

test('before and after, at both sizes: no axe violation, DEMO in sight, nothing scrolls sideways; a refusal is said; the desk is one key away', async (context) => {
  const { station, page } = await openScreen(context, 'desk/genuine');
  const accessible = async (): Promise<void> => {
    for (const viewport of [LANDSCAPE, PORTRAIT]) {
      await page.setViewportSize(viewport);
      expect(await page.getByText('DEMO, not evidence').first().isVisible()).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
    expect(await axeViolations(page)).toEqual([]);
  };
  await page.getByText('DEMO, not evidence').waitFor();
  await accessible();
  for (const answer of [CHANGED, UNSAID, GENUINE]) {
    station.commandAnswer = { status: 200, body: answer };
    await page.locator('input[type=file]').setInputFiles(FILE);
    await page.locator('#verdict').filter({ hasText: answer.headline.text }).waitFor();
    await page.getByText('Notes for whoever examines further').click();
    await accessible();
  }
  expect(await page.title()).not.toBe('1');
  station.commandAnswer = { status: 413, body: { code: 'TOO_LARGE', detail: 'At most 216 MB are taken here.' } };
  await page.locator('input[type=file]').setInputFiles(FILE);
  await page.getByText('It was not checked: At most 216 MB are taken here.').waitFor();
  await eventually(() => page.getByText('Choose a file…').isVisible()).toBe(true);
  await page.keyboard.press('Home');
  await page.getByRole('link', { name: 'Back to the desk' }).focus();
  await page.keyboard.press('Enter');
  await eventually(() => page.url()).toBe(`${station.url}/desk`);
});
