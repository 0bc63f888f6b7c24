/** Real pens, as others recorded them: none is suspected of being made up. What is made up without unrest is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { findingsOf } from '#biometrics/findings.ts';
import { Switch, type Sample } from '#biometrics/sample.ts';
import { sharedData } from '#fixtures/needs.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import { decodeCapture } from './hid/decoded-capture.ts';

const SUSPICIONS = ['EVEN_TIMING', 'NO_NOISE', 'SMOOTH_PRESSURE', 'IMPOSSIBLE_SPEED'];
const suspicions = (capture: Capture): string[] => findingsOf(capture).map(({ code }) => code).filter((code) => SUSPICIONS.includes(code));

/** What a driver would have made of it. */
function captureOf(samples: Sample[], channels: Capture['source']['channels']): Capture {
  const pen = recordedPen();
  return { ...pen, samples, source: { ...pen.source, kind: 'hid', deviceClock: null, channels: [...channels] } };
}

test('none of the pens that others recorded is suspected, and each has a rate and its pressure told', (context) => {
  const folder = sharedData(context, 'hid', 'streams');
  let pens = 0;
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.hid'))) {
    const decoded = decodeCapture(readFileSync(join(folder, name), 'utf8'));
    const samples = new Map<number, { samples: Sample[]; channels: Capture['source']['channels'] }>();
    for (const { recorded, sample, channels } of decoded.reports) {
      if (sample === null) continue;
      const known = samples.get(recorded.device) ?? { samples: [], channels: [] };
      samples.set(recorded.device, { samples: known.samples, channels: [...channels] });
      known.samples.push(sample);
    }
    for (const pen of samples.values()) {
      pens++;
      const capture = captureOf(pen.samples, pen.channels);
      expect(suspicions(capture), name).toEqual([]);
      expect(findingsOf(capture).map(({ code }) => code), name).toEqual(expect.arrayContaining(['SIZE', 'DURATION']));
    }
  }
  expect(pens).toBeGreaterThan(60);
});

test('the pen of the demo has the unrest of one; without it, and evenly timed, it is suspected', () => {
  const pen = recordedPen();
  expect(suspicions(pen)).toEqual([]);
  const smooth = pen.samples.map((sample, index): Sample => ({
    ...sample, hostTime: index * 4_000_001, pressure: Math.round(4000 + 2000 * Math.sin(index / 40)), switches: Switch.tip | Switch.inRange,
  }));
  expect(suspicions(captureOf(smooth, pen.source.channels))).toEqual(['EVEN_TIMING', 'SMOOTH_PRESSURE']);
  const straight = smooth.slice(0, 100).map((sample, index): Sample => ({ ...sample, x: 1000 + 9 * index, y: 1000 + 4 * index }));
  expect(suspicions(captureOf(straight, pen.source.channels))).toContain('NO_NOISE');
});
