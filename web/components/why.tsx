import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { detail } from '../state/page.ts';
import { email } from '../state/email.ts';
import { traceSteps, type Step } from '../state/trace-steps.ts';
import { numberText } from '../texts/formats.ts';
import { momentText, preciseClockText } from '../texts/moments.ts';
import { texts } from '../texts/texts.ts';
import { Folded } from './folded.tsx';
import { QueryText } from './query-text.tsx';
import { Sentence } from './sentence.tsx';

/** A mail is queued within moments of its event; one that joins a digest, within some minutes. */
const youngMs = 600_000;

/** What the hub did about the event, from receiving it to the mail server's reply, and why. */
export function Why({ event }: { readonly event: RecordedEvent }) {
  const { decisions, hasFailed } = detail.trace.value;
  const steps = traceSteps(event, decisions ?? []);
  return (
    <section>
      <h3>{texts.detail.why}</h3>
      <ol class="trace" aria-busy={decisions === null && !hasFailed}>
        {steps.map((step, index) => (
          <TraceStep key={index} step={step} today={new Date(event.receivedAt).toDateString()} />
        ))}
        {decisions !== null && decisions.length === 0 && <NoMail event={event} />}
      </ol>
      {hasFailed && <p class="hint">{texts.noTrace.failed}</p>}
      {steps.some(({ mark }) => mark === 'waits') && email.value?.state === 'paused' && (
        <p class="hint">{texts.noTrace.paused}</p>
      )}
    </section>
  );
}

function TraceStep({ step, today }: { readonly step: Step; readonly today: string }) {
  const { at, mark, say, values, query, words = '' } = step;
  const written = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? numberText(value) : value]),
  );
  return (
    <li class={mark}>
      {at !== null && <time dateTime={at}>{timeOf(at, today)}</time>}
      <p>
        <Sentence words={texts.trace[say]} values={written} />
        {query !== undefined && (
          <>
            {' '}
            <code>
              <QueryText query={query} />
            </code>
          </>
        )}
      </p>
      {words !== '' && (
        <p class="words">
          <Folded text={words} characters={200} lines={4} />
        </p>
      )}
    </li>
  );
}

function NoMail({ event }: { readonly event: RecordedEvent }) {
  return <li class="done">{texts.noTrace[whyNoMail(event)]}</li>;
}

function whyNoMail({ source, key, receivedAt }: RecordedEvent): 'off' | 'aboutMail' | 'young' | 'none' {
  if (email.value?.state === 'off') return 'off';
  if (source === 'alert-hub' && key === 'alert-hub/mail') return 'aboutMail';
  return Date.now() - Date.parse(receivedAt) < youngMs ? 'young' : 'none';
}

function timeOf(at: string, today: string): string {
  const date = new Date(at);
  return date.toDateString() === today ? preciseClockText(date.getTime()) : momentText(date.getTime());
}
