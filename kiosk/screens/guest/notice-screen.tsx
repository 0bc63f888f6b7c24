import { consentText, type ConsentParties } from '#kiosk/protocol/consent.ts';
import type { Role } from '#kiosk/protocol/messages.ts';
import { sha256 } from '../link/sha256.ts';
import { Icon } from '../theme/icon.tsx';
import { TopBar, type Frame } from './guest-frame.tsx';
import type { Consent } from './step.ts';
import { useHeadingFocus } from './use-heading-focus.ts';

/** What is recorded and who can open it, with two equal answers and nothing preset. */
export function NoticeScreen({ frame, role, custodian, tabletPlace, onAgree, onPaper, onBack }: {
  frame: Frame;
  role: Role;
  custodian: string;
  tabletPlace: ConsentParties['tabletPlace'];
  onAgree: (consent: Consent) => void;
  onPaper: () => void;
  onBack: () => void;
}): React.JSX.Element {
  const heading = useHeadingFocus();
  const text = consentText(frame.language, { hotel: frame.hotel, custodian, tabletPlace }, role);
  const agree = async (): Promise<void> => onAgree({ sha256: await sha256(text), language: frame.language });
  return (
    <div className="screen">
      <TopBar frame={frame}>
        <button type="button" className="button quiet" onClick={onBack}>{frame.messages.backToDocument}</button>
      </TopBar>
      <main className="notice">
        <h1 ref={heading} tabIndex={-1}>{frame.messages.noticeTitle}</h1>
        {text.split('\n\n').map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
        <div className="notice-answers">
          <button type="button" className="button answer" data-step="agree" onClick={() => void agree()}>
            <Icon name="pen" />{frame.messages.agree}
          </button>
          <button type="button" className="button answer" onClick={onPaper}>
            <Icon name="printer" />{frame.messages.preferPaper}
          </button>
        </div>
      </main>
    </div>
  );
}
