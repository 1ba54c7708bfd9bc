import type { Mail } from '../api/event-api.ts';
import { detail } from '../state/page.ts';
import { numberText } from '../texts/formats.ts';
import { nearbyText } from '../texts/moments.ts';
import { texts } from '../texts/texts.ts';
import { Folded } from './folded.tsx';

/** Positions that are listed one by one. */
const mostEvents = 3;

/** One mail to one recipient. The reply is the mail server's text, the subject holds a stranger's. */
export function MailRow({ mail }: { readonly mail: Mail }) {
  const { state, to, subject, attempts, reply } = mail;
  return (
    <tr>
      <td class="state-cell">
        <span class={`mail-state ${state}`}>{texts.mails.states[state]}</span>
        {mail.nextAttempt !== null && attempts > 0 && (
          <time dateTime={mail.nextAttempt} title={mail.nextAttempt}>
            {texts.mails.next(nearbyText(Date.parse(mail.nextAttempt), Date.now()))}
          </time>
        )}
      </td>
      <td class="to">
        <bdi>{to}</bdi>
      </td>
      <td class="subject">
        <bdi>{subject}</bdi>
      </td>
      <td class="about" data-name={texts.mails.events}>
        <Events events={mail.events} />
      </td>
      <td class="attempts" data-name={texts.mails.attempts}>
        {numberText(attempts)}
      </td>
      <td class="reply">
        <Folded text={reply} characters={160} lines={3} />
      </td>
    </tr>
  );
}

function Events({ events }: Pick<Mail, 'events'>) {
  const rest = events.length - mostEvents;
  return (
    <>
      {events.slice(0, mostEvents).map((position) => (
        <button
          key={position}
          type="button"
          class="event-link"
          aria-label={texts.mails.event(numberText(position))}
          aria-pressed={detail.position.value === position}
          onClick={() => detail.open(position)}
        >
          {`#${numberText(position)}`}
        </button>
      ))}
      {rest > 0 && <span class="rest">{texts.mails.moreEvents(numberText(rest))}</span>}
    </>
  );
}
