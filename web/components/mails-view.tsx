import { useEffect, useState } from 'preact/hooks';
import { mailStates, type Mail } from '../api/event-api.ts';
import { email, mails } from '../state/email.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { MailRow } from './mail-row.tsx';
import { NoMails } from './no-mails.tsx';

const pollMs = 4_000;
/** The hub keeps a thousand; nobody reads them all. */
const shownAtFirst = 100;

/** The mails that wait, were sent or given up, with what the mail server said. */
export function MailsView() {
  useEffect(() => {
    void mails.load();
    const timer = setInterval(() => {
      if (!document.hidden) void mails.load();
    }, pollMs);
    return () => clearInterval(timer);
  }, []);
  return <section class="view mails">{isOff() ? <NoMails isOff state={null} /> : <Mails />}</section>;
}

/** Off now, and nothing was mailed before. */
function isOff(): boolean {
  const list = mails.list.value;
  return email.value?.state === 'off' && mails.state.value === null && (list === null || list.length === 0);
}

function Mails() {
  const list = mails.list.value;
  return (
    <>
      <States />
      {mails.hasFailed.value && (
        <p class="hint" role="status">
          {texts.mails.failed}
        </p>
      )}
      {list?.length === 0 ? <NoMails isOff={false} state={mails.state.value} /> : <List list={list ?? []} />}
    </>
  );
}

function States() {
  return (
    <div class="states" role="group" aria-label={texts.mails.state}>
      {[null, ...mailStates].map((state) => (
        <button
          key={state}
          type="button"
          class="button small"
          aria-pressed={mails.state.value === state}
          onClick={() => mails.choose(state)}
        >
          {state === null ? texts.mails.all : texts.mails.states[state]}
        </button>
      ))}
    </div>
  );
}

function List({ list }: { readonly list: readonly Mail[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? list : list.slice(0, shownAtFirst);
  const { state, to, subject, attempts, reply, events } = texts.mails;
  return (
    <div class="scroller" tabIndex={0} role="group" aria-label={texts.mails.title}>
      <table>
        <thead>
          <tr>
            {[state, to, subject, events, attempts, reply].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((mail) => (
            <MailRow key={mail.id} mail={mail} />
          ))}
        </tbody>
      </table>
      {shown.length < list.length && (
        <button type="button" class="fold" onClick={() => setWhole(true)}>
          {texts.mails.more(numberText(list.length - shown.length))}
        </button>
      )}
    </div>
  );
}
