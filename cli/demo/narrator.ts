/** Tells what happens, as it happens. */

export interface Narrator {
  /** A step begins. */
  step(title: string): void;
  /** Something was seen in it. */
  saw(detail: string): void;
}

/** On standard error where standard output carries JSON. */
export function narrator(json: boolean): Narrator {
  const out = json ? process.stderr : process.stdout;
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`.padStart(7);
  return {
    step: (title) => void out.write(`${seconds()}  ${title}\n`),
    saw: (detail) => void out.write(`           ${detail}\n`),
  };
}
