import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { appendTo } from '../../src/pipeline/append.ts';
import { BoundedBacklog } from '../../src/pipeline/backlog.ts';
import type { Envelope } from '../../src/pipeline/envelope.ts';
import type { Appended, AppendItem, EventLog } from '../../src/pipeline/event-log.ts';
import { aDraft, MemoryLog } from '../support/memory-log.ts';

const turn = () => new Promise(setImmediate);

/** Envelopes of these ids go in; `happened` tells what came of them, in order. */
function aPipeline(append: (items: readonly AppendItem[]) => Promise<Appended>) {
  const happened: string[] = [];
  const backlog = new BoundedBacklog();
  const envelopes$ = new Subject<Envelope>();
  const log: EventLog = Object.assign(new MemoryLog(), {
    append: async (items: readonly AppendItem[]) => {
      const appended = await append(items);
      happened.push('committed');
      return appended;
    },
  });
  envelopes$.pipe(appendTo(log, backlog)).subscribe({
    next: (records) => happened.push(`emitted ${records.map(({ value }) => value.position).join(' ')}`),
    complete: () => happened.push('complete'),
  });
  const send = (...ids: readonly string[]) => {
    for (const id of ids) {
      const settle: Envelope['settle'] = ({ kind }) => happened.push(`${id} ${kind}`);
      envelopes$.next({ draft: aDraft({ id }), channel: 'tcp', bytes: 10, settle });
    }
  };
  return { happened, backlog, envelopes$, send };
}

describe('appending', () => {
  it('settles each envelope after the commit and before its batch is emitted', async () => {
    const log = new MemoryLog();
    const { happened, send } = aPipeline((items) => log.append(items));
    send('a', 'b');
    expect(happened).toEqual([]);
    await turn();
    expect(happened).toEqual(['committed', 'a accepted', 'b accepted', 'emitted 1 2']);
  });

  it('settles with what the log says and emits only what was recorded', async () => {
    const log = new MemoryLog();
    const { happened, send } = aPipeline(async (items) => {
      const { outcomes, records } = log.appendNow(items.slice(0, 1));
      const failed = { kind: 'failed', code: 'storage_full', error: 'full' } as const;
      return { outcomes: [...outcomes, failed], records };
    });
    send('a', 'b');
    await turn();
    expect(happened).toEqual(['committed', 'a accepted', 'b failed', 'emitted 1']);
  });

  it('emits nothing when nothing was recorded', async () => {
    const { happened, send, envelopes$ } = aPipeline(async (items) => ({
      outcomes: items.map(() => ({ kind: 'failed', code: 'in_doubt', error: 'commit failed' }) as const),
      records: [],
    }));
    send('a');
    await turn();
    envelopes$.complete();
    expect(happened).toEqual(['committed', 'a failed', 'complete']);
  });

  it('counts an envelope as backlog until it is settled', async () => {
    const log = new MemoryLog();
    const { backlog, send } = aPipeline((items) => log.append(items));
    send('a', 'b', 'c');
    expect(backlog).toMatchObject({ events: 3, bytes: 30 });
    await turn();
    expect(backlog).toMatchObject({ events: 0, bytes: 0 });
  });
});
