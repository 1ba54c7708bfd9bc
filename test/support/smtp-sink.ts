import { onTestFinished } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { createEmailSink, type EmailSink, type EmailSinkOptions } from '../../src/sinks/email/email-sink.ts';
import { emailSettings, type EmailSettings } from '../../src/sinks/email/settings.ts';
import { waitFor } from './deadline.ts';
import { eventWith, FakeOutbox } from './smtp-outbox.ts';

export interface SinkProbe {
  readonly sink: EmailSink;
  readonly outbox: FakeOutbox;
  readonly failures: unknown[];
  /** Moves the clock and has the sink look at it. */
  readonly advance: (milliseconds: number) => void;
  readonly now: () => number;
  /** Resolves when the log says what became of a mail, or mail is paused. */
  readonly verdict: () => Promise<true>;
}

/** A sink with an outbox in memory and a clock that only the test moves. It is started, and stops with the test. */
export function startSink(
  settings: Partial<EmailSettings> & { readonly url: string },
  options: Partial<EmailSinkOptions> & { readonly events?: readonly RecordedEvent[] } = {},
): SinkProbe {
  const outbox = new FakeOutbox();
  const failures: unknown[] = [];
  let now = Date.parse('2026-01-02T03:05:00Z');
  const sink = createEmailSink({
    settings: { ...emailSettings.parse({ from: 'hub@example.org' }), timeout: 2_000, ...settings },
    outbox,
    readEvents: async () => options.events ?? [eventWith()],
    epoch: 'E1',
    publicUrl: () => 'https://alerts.example.org',
    clock: () => now,
    reportFailure: (error) => failures.push(error),
    random: () => 1,
    drainMs: 50,
    ...options,
  });
  sink.start();
  onTestFinished(() => sink.stop());
  const advance = (milliseconds: number) => {
    now += milliseconds;
    outbox.queue();
  };
  const isDecided = () => outbox.decisions.length > 0 || sink.status().state === 'paused';
  const verdict = () => waitFor(isDecided, { what: 'a verdict' });
  return { sink, outbox, failures, advance, now: () => now, verdict };
}
