import type { MailState } from '../api/event-api.ts';
import { texts } from '../texts/texts.ts';
import { CopyButton } from './copy-button.tsx';

const command = `HUB_SMTP_URL='smtp://mail.example.com' \\
HUB_ALERT_TO='ops@example.com' \\
npx alert-hub serve`;

/** Why there are no mails to show, and, where e-mail is off, what to set. */
export function NoMails({ isOff, state }: { readonly isOff: boolean; readonly state: MailState | null }) {
  const words = texts.mails;
  if (isOff) {
    return (
      <div class="state">
        <h2>{words.offTitle}</h2>
        <p>{words.off}</p>
        <div class="command">
          <pre tabIndex={0}>{command}</pre>
          <CopyButton label={words.copy} text={() => command} />
        </div>
        <p>{words.offMore}</p>
      </div>
    );
  }
  return (
    <div class="state">
      {state === null ? (
        <>
          <h2>{words.noneTitle}</h2>
          <p>{words.none}</p>
        </>
      ) : (
        <h2>{words.noneOfState[state]}</h2>
      )}
    </div>
  );
}
