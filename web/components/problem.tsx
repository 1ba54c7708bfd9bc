import { feed, search } from '../state/page.ts';
import type { Outcome } from '../state/feed.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { useSecondsUntil } from './use-seconds-until.ts';

/** What failed when events could not be loaded, what is still good, and what happens next. */
export function Problem() {
  const outcome = feed.outcome.value;
  if (outcome.kind !== 'failed') return null;
  const isKept = feed.shown.value !== null;
  const button = isKept ? 'button small' : 'button';
  return (
    <div class={isKept ? 'panel-bar' : 'state'} role="alert">
      {!isKept && <h2>{outcome.code === 'invalid_query' ? texts.problem.query : texts.problem.title}</h2>}
      {outcome.code !== 'invalid_query' && <p>{reasonOf(outcome.code, outcome.message)}</p>}
      {isKept && <p>{texts.problem.keeps}</p>}
      {Number.isFinite(outcome.retryAt) ? (
        <Retry outcome={outcome} button={button} />
      ) : (
        <Mend code={outcome.code} button={button} />
      )}
    </div>
  );
}

interface RetryProps {
  readonly outcome: Extract<Outcome, { kind: 'failed' }>;
  /** Classes: smaller in a bar than where it stands alone. */
  readonly button: string;
}

function Retry({ outcome, button }: RetryProps) {
  const seconds = useSecondsUntil(outcome.retryAt);
  return (
    <>
      <p aria-live="off">{seconds === 0 ? texts.problem.trying : texts.problem.retrying(numberText(seconds))}</p>
      <button type="button" class={button} onClick={() => void feed.search(search.query.peek())}>
        {texts.problem.now}
      </button>
    </>
  );
}

function Mend({ code, button }: { readonly code: string; readonly button: string }) {
  if (code !== 'invalid_query') return null;
  return (
    <>
      <p>{texts.problem.queryAdvice}</p>
      <button type="button" class={button} onClick={() => search.set('')}>
        {texts.search.clear}
      </button>
    </>
  );
}

function reasonOf(code: string, message: string): string {
  switch (code) {
    case 'unreachable':
      return texts.problem.unreachable;
    case 'unauthorized':
      return texts.problem.unauthorized;
    default:
      return texts.problem.other(code, message);
  }
}
