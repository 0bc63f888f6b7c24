/**
 * "Is this document genuine?": a file is dropped or chosen, the station checks it, and its answer is shown.
 *
 * Before: `kiosk/station/genuine.ts` answers in words. After: nothing; neither the file nor the answer stays when the page goes.
 */
import { useRef, useState } from 'react';
import type { GenuineAnswer } from '#kiosk/protocol/genuine.ts';
import { useDesk } from '../desk/use-desk.ts';
import { ask } from '../link/post.ts';
import { desk as deskWords } from '../messages/desk-en.ts';
import { genuine as words } from '../messages/genuine-en.ts';
import { fill } from '../messages/guest-messages.ts';
import { Icon } from '../theme/icon.tsx';
import { Answer } from './answer.tsx';
import { DropZone } from './drop-zone.tsx';

type Step = { at: 'waiting'; problem: string | null } | { at: 'checking'; name: string } | { at: 'answered'; name: string; answer: GenuineAnswer };

export function App(): React.JSX.Element {
  const { state } = useDesk();
  const [step, setStep] = useState<Step>({ at: 'waiting', problem: null });
  const isChecking = useRef(false);
  const check = async (file: File): Promise<void> => {
    // the station takes one at a time
    if (isChecking.current) return;
    isChecking.current = true;
    setStep({ at: 'checking', name: file.name });
    const { answer, refusal } = await ask<GenuineAnswer>('/desk/genuine/check', file);
    isChecking.current = false;
    setStep(answer === null ? { at: 'waiting', problem: fill(words.failed, { detail: refusal.detail || words.noAnswer }) } : { at: 'answered', name: file.name, answer });
  };
  return (
    <>
      <header className="desk-bar">
        <h1>{state?.hotel ?? ''}<span>{state?.desk ?? ''}</span></h1>
        {state?.demo === true && <p className="demo-mark">{deskWords.demoMark}</p>}
        <a className="desk-link" href="/desk"><Icon name="back" />{words.back}</a>
      </header>
      <main className="genuine">
        <h2>{words.title}</h2>
        <p className="genuine-intro">{words.intro}</p>
        <DropZone small={step.at === 'answered'} busy={step.at === 'checking'} onFile={(file) => void check(file)} />
        <div aria-live="polite">
          {step.at === 'waiting' && step.problem !== null && <p className="notice error">{step.problem}</p>}
          {step.at === 'checking' && <p className="genuine-checking">{fill(words.checking, { name: step.name })}</p>}
          {step.at === 'answered' && <Answer name={step.name} answer={step.answer} />}
        </div>
      </main>
    </>
  );
}
