import { useEffect, useState } from 'react';
import { captureFromJson } from '#biometrics/capture-json.ts';
import type { Capture } from '#biometrics/capture.ts';
import type { GuestState } from './step.ts';

/** How long each step stays before the demonstration goes on, ms: long enough to be read at a glance. */
const READ = 2_400;
const LOOK = 1_800;

export interface Autopilot {
  /** True while the demonstration drives the screen. */
  driving: boolean;
  /** What signs, once it is there. */
  recording: Capture | null;
  /** Counts the times it wants the signature field shown. */
  toSignature: number;
  stop: () => void;
}

/** "Try it": goes through the steps as a guest would, by pressing the same buttons, and hands over the recorded pen. */
export function useAutopilot(state: GuestState, painted: boolean): Autopilot {
  const request = state.request;
  const [stopped, setStopped] = useState(false);
  const [recording, setRecording] = useState<Capture | null>(null);
  const [toSignature, setToSignature] = useState(0);
  const driving = request?.autopilot === true && !stopped;

  useEffect(() => {
    if (!driving) return;
    const load = async (): Promise<void> => {
      const response = await fetch('/guest/recorded-pen', { cache: 'no-store' });
      if (!response.ok) throw new Error(`the station answered ${response.status} for the recorded pen`);
      setRecording(captureFromJson(await response.text()));
    };
    // Without its pen the demonstration ends here, and the guest goes on by hand.
    load().catch(() => setStopped(true));
  }, [driving]);

  useEffect(() => {
    if (!driving || recording === null) return;
    const timers: ReturnType<typeof setTimeout>[] = [];
    const later = (wait: number, what: () => void): void => { timers.push(setTimeout(what, wait)); };
    if (state.step === 'document' && painted) {
      later(LOOK, () => setToSignature((before) => before + 1));
      later(LOOK + READ, () => press('sign'));
    }
    if (state.step === 'handover') later(READ, () => press('begin'));
    if (state.step === 'notice') later(READ, () => press('agree'));
    return () => timers.forEach(clearTimeout);
  }, [driving, recording, state.step, painted]);

  return { driving, recording: driving ? recording : null, toSignature, stop: () => setStopped(true) };
}

/** Presses a button of the screen, visibly. */
function press(step: 'begin' | 'sign' | 'agree'): void {
  const button = document.querySelector<HTMLButtonElement>(`[data-step="${step}"]`);
  button?.classList.add('pressed');
  setTimeout(() => button?.click(), 450);
}
