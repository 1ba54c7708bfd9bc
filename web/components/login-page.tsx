import { useEffect, useRef } from 'preact/hooks';
import { farewell, login, session } from '../state/access.ts';
import type { LoginFailure } from '../state/login.ts';
import { clockText, numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { CopyButton } from './copy-button.tsx';
import { useSecondsUntil } from './use-seconds-until.ts';

const command = 'npx alert-hub token create --role read';
const titleId = 'login-title';
const farewellId = 'login-farewell';
const failureId = 'login-failure';

/** Asks for a token, and says where one comes from. */
export function LoginPage() {
  useEffect(checkWhenSeen, []);
  const words = texts.login;
  return (
    <main class="login">
      <section aria-labelledby={titleId}>
        <h1 id={titleId}>
          <b class="mark" aria-hidden="true">
            ◆
          </b>
          {texts.appName}
        </h1>
        <p id={farewellId} hidden={farewell === null}>
          {farewell !== null && words.farewell[farewell]}
        </p>
        <TokenForm />
        <div class="advice">
          <p>{words.advice}</p>
          <div class="command">
            <pre tabIndex={0}>{command}</pre>
            <CopyButton label={words.copy} text={() => command} />
          </div>
        </div>
      </section>
    </main>
  );
}

/** The field has no name, so that no browser can put the token into an address. */
function TokenForm() {
  const input = useRef<HTMLInputElement>(null);
  const failure = login.failure.value;
  const isBusy = login.isBusy.value;
  const seconds = useSecondsUntil(failure?.kind === 'limited' ? failure.retryAt : 0);
  useEffect(() => input.current?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (seconds === 0 && !(await login.submit(input.current?.value ?? ''))) input.current?.select();
  };
  return (
    <form method="post" onSubmit={(event) => void submit(event)}>
      <label for="token">{texts.login.token}</label>
      <input
        ref={input}
        id="token"
        type="password"
        autocomplete="current-password"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="go"
        required
        aria-invalid={failure?.kind === 'wrong' || failure?.kind === 'ingest'}
        aria-describedby={`${farewellId} ${failureId}`}
      />
      <p id={failureId} class="failure" role="alert" hidden={failure === null}>
        {failure !== null && wordsFor(failure)}
      </p>
      <button type="submit" class="button primary" aria-disabled={isBusy || seconds > 0}>
        {seconds > 0 ? texts.login.wait(numberText(seconds)) : isBusy ? texts.login.busy : texts.login.submit}
      </button>
    </form>
  );
}

function wordsFor(failure: LoginFailure): string {
  switch (failure.kind) {
    case 'other':
      return texts.problem.other(failure.code, failure.message);
    case 'limited':
      return texts.login.failure.limited(clockText(failure.retryAt));
    case 'wrong':
    case 'ingest':
    case 'unreachable':
      return texts.login.failure[failure.kind];
  }
}

/** Who has logged in in another tab is logged in here too. */
function checkWhenSeen(): () => void {
  const check = (): void => {
    if (!document.hidden) void session.check();
  };
  document.addEventListener('visibilitychange', check);
  return () => document.removeEventListener('visibilitychange', check);
}
