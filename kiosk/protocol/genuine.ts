/**
 * The answer of `POST /desk/genuine/check`: what was found about a file, in words. The file itself is the body, and nothing of it is kept.
 * Before: `kiosk/station/genuine.ts`. After: `kiosk/screens/genuine`.
 */
export interface GenuineAnswer {
  headline: {
    /**
     * `genuine`: unchanged, by somebody trusted here, at a proven time. `reserved`: something must be read with it, e.g. that the time is
     * claimed. `void`: the hotel has said that it does not count.
     */
    kind: 'genuine' | 'reserved' | 'void' | 'unsaid' | 'not-genuine';
    text: string;
    /** Sentences, the most important first. */
    because: string[];
  };
  /** "DEMO, not evidence" must stand beside it. */
  demo: boolean;
  /** The hotel has said that it does not count: a sentence for each time. In a headline of that kind they stand too. */
  voids: string[];
  sections: { title: string; facts: { label: string; text: string }[] }[];
  /** All of them, for whoever examines further, each with its code. */
  findings: { code: string; severity: 'error' | 'warning' | 'note'; message: string }[];
}

/** At most this many bytes are checked above the largest document: what signatures and a packet add. */
export const ADDED_BYTES = 16 * 1_024 * 1_024;
