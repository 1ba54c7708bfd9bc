import { ask } from './hub-http.ts';

interface Entry {
  readonly position: number;
  readonly type: string;
  readonly id: string;
  readonly to?: string | readonly string[];
  readonly events?: readonly number[];
}

/** What the log says at the end about mails. */
export interface MailDecisions {
  /** Positions by event id. */
  readonly positions: ReadonlyMap<string, number>;
  /** Of the decisions that end something (sent, suppressed, dead), one text for every recipient and event in it: `to position`. */
  readonly ended: readonly string[];
  /** Notifications that were sent: id and recipient. */
  readonly sent: readonly { readonly id: string; readonly to: string }[];
}

const ends = ['notification.sent', 'notification.suppressed', 'notification.dead'];

export async function readMailDecisions(http: string): Promise<MailDecisions> {
  const { body } = await ask(`${http}/api/events?type=*&after=0`, { headers: { Accept: 'application/x-ndjson' } });
  const entries = String(body)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
  const events = entries.filter(({ type }) => type === 'event');
  const positions = new Map(events.map(({ id, position }) => [id, position]));
  if (positions.size !== events.length) throw new Error('an event is in the log twice');
  return {
    positions,
    ended: entries.filter(({ type }) => ends.includes(type)).flatMap(endedBy),
    sent: entries
      .filter(({ type }) => type === 'notification.sent')
      .flatMap(({ id, to }) => [to ?? []].flat().map((recipient) => ({ id, to: recipient }))),
  };
}

function endedBy({ to = [], events = [] }: Entry): string[] {
  return [to].flat().flatMap((recipient) => events.map((position) => `${recipient} ${String(position)}`));
}
