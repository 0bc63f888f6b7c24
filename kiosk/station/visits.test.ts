/** What each end of a visit says of it. */
import { expect, test } from 'vitest';
import { Visits } from './visits.ts';

test('an attempt of the pen is over each time, and only where somebody was at the tablet there is something to be rid of', () => {
  const over: [string, boolean][] = [];
  const visits = new Visits((...call) => over.push(call));
  visits.begin('front', 'one');
  visits.begin('front', 'one', ['CAPTURE_LINE']);
  visits.end('front');
  visits.end('front');
  visits.begin('bar', 'two');
  expect(over).toEqual([['front', false], ['front', true], ['front', true], ['front', false], ['bar', false]]);
  expect([visits.on('front'), visits.on('bar')?.request]).toEqual([null, 'two']);
});
