import type { EmailStatus } from '../../src/pipeline/statistics.ts';
import { figureText, numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';

/** How mail is going. While it is paused nobody is told of anything, so the tile looks like no other. */
export function MailTile({ email }: { readonly email: EmailStatus | undefined }) {
  const state = email?.state ?? 'unknown';
  const words = texts.overview.mail;
  return (
    <li class={`tile mail ${state}`} title={state === 'unknown' ? '' : words.hint[state]}>
      <span class="name">
        {state === 'paused' && <Icon name="pause" />}
        {words.name}
      </span>
      <span class="figure">
        {email !== undefined && <Sent email={email} />}
        {email !== undefined && <Rest email={email} />}
      </span>
    </li>
  );
}

function Sent({ email: { state, sent } }: { readonly email: EmailStatus }) {
  const words = texts.overview.mail;
  if (state === 'off') return <strong class="none">{words.off}</strong>;
  return <strong>{state === 'paused' ? words.paused : words.sent(figureText(sent))}</strong>;
}

/** What did not reach anyone, yet or at all. */
function Rest({ email: { pending, dead } }: { readonly email: EmailStatus }) {
  const { waiting, dead: failed } = texts.overview.mail;
  return (
    <small>
      {pending > 0 && <span>{waiting(numberText(pending))}</span>}
      {dead > 0 && <span>{failed(numberText(dead))}</span>}
    </small>
  );
}
