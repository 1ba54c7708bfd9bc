import type { RecordedDecision } from '../../src/pipeline/record.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { ask, page } from './hub-http.ts';

/** Settings of a hub that mails ops@example.com by a mail server on this machine. */
export function mailSettings(port: number, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    HUB_SMTP_URL: `smtp://127.0.0.1:${port}`,
    HUB_SMTP_FROM: 'hub@example.org',
    HUB_ALERT_TO: 'ops@example.com',
    ...more,
  };
}

export interface NotificationAnswer {
  readonly id: string;
  readonly state: string;
  readonly to: string;
  readonly subject: string;
  readonly events: readonly number[];
  readonly attempts: number;
  readonly nextAttempt: string | null;
  readonly reply: string;
}

export async function notifications(http: string, query = ''): Promise<readonly NotificationAnswer[]> {
  return (await ask(`${http}/api/notifications${query}`)).body as readonly NotificationAnswer[];
}

export interface Trace {
  readonly event: RecordedEvent;
  readonly decisions: readonly RecordedDecision[];
}

export async function trace(http: string, position: number): Promise<Trace> {
  const { status, body } = await ask(`${http}/api/events/${position}/trace`);
  if (status !== 200) throw new Error(`trace of ${position}: ${status} ${JSON.stringify(body)}`);
  return body as Trace;
}

export async function emailStats(http: string): Promise<unknown> {
  return ((await ask(`${http}/api/stats`)).body as { email: unknown }).email;
}

/** The types of all records, in order. */
export async function allTypes(http: string): Promise<readonly string[]> {
  return (await page(http, 'type=*&after=0&limit=1000')).events.map(({ type }) => type);
}
