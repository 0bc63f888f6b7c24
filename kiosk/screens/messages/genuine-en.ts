/** The page "Is this document genuine?". What was found comes in words from the station. */
import type { GenuineAnswer } from '#kiosk/protocol/genuine.ts';

export const genuine = {
  title: 'Is this document genuine?',
  back: 'Back to the desk',
  intro: 'Drop a signed PDF or a packet here, ours or anybody’s. It is checked on this station and not kept.',
  choose: 'Choose a file…',
  drop: 'or drop it here',
  dropNow: 'Drop it to check it',
  checking: 'Checking “{name}”…',
  failed: 'It was not checked: {detail}',
  noAnswer: 'the station does not answer',
  file: 'File',
  again: 'Check another file',
  details: 'Notes for whoever examines further ({count})',
  voided: 'Declared void',
} as const;

/** Not by colour alone: read out before the headline. */
export const VERDICTS: Record<GenuineAnswer['headline']['kind'], string> = {
  genuine: 'Yes', reserved: 'Yes, with a reservation', void: 'No longer', unsaid: 'Cannot be said', 'not-genuine': 'No',
};
