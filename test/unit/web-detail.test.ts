import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HubError } from '../../src/client/hub-error.ts';
import type { Position } from '../../src/pipeline/event.ts';
import type { RecordedDecision } from '../../src/pipeline/record.ts';
import type { ReadRecord } from '../../web/api/event-api.ts';
import { Detail } from '../../web/state/detail.ts';
import { anEvent } from '../support/fake-socket.ts';
import { attemptAt, queuedAt, recordedAt } from '../support/web-decisions.ts';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse(recordedAt(10)) }));
afterEach(() => void vi.useRealTimers());

function makeDetail({ at = '', readRecord }: { readonly at?: string; readonly readRecord?: ReadRecord } = {}) {
  const written: string[] = [];
  const asked: Position[] = [];
  const decisions: RecordedDecision[] = [];
  let move: (text: string) => void = () => undefined;
  const detail = new Detail({
    readRecord: readRecord ?? (async (position) => anEvent(position)),
    readTrace: async (position) => {
      asked.push(position);
      return [...decisions];
    },
    address: { read: () => at, write: (text) => written.push(text), onMove: (moved) => (move = moved) },
    isStep: () => false,
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { detail, written, asked, decisions, settle, move: (text: string) => move(text) };
}

describe('Detail', () => {
  it('opens what the address names, and what Back leads to', async () => {
    const { detail, settle, move } = makeDetail({ at: '7' });
    await settle();
    expect(detail.content.value).toMatchObject({ kind: 'event', event: { position: 7 } });
    move('8');
    await settle();
    expect(detail.content.value).toMatchObject({ event: { position: 8 } });
    move('');
    expect(detail.position.value).toBeNull();
  });

  it('writes what is open into the address, and takes it out when closed', () => {
    const { detail, written } = makeDetail({ at: 'nonsense' });
    detail.open(3);
    detail.open(3);
    detail.close();
    detail.close();
    expect(written).toEqual(['3', '']);
  });

  it('shows the event that was opened last, however late another one is read', async () => {
    const answers = new Map<Position, () => void>();
    const readRecord: ReadRecord = (position) =>
      new Promise((resolve) => answers.set(position, () => resolve(anEvent(position))));
    const { detail, settle } = makeDetail({ readRecord });
    detail.open(1);
    detail.open(2);
    answers.get(2)?.();
    await settle();
    answers.get(1)?.();
    await settle();
    expect(detail.content.value).toMatchObject({ event: { position: 2 } });
  });

  it('says what the hub said when there is nothing to read', async () => {
    const { detail, asked, settle } = makeDetail({
      readRecord: () => Promise.reject(new HubError('gone', 'removed')),
    });
    detail.open(1);
    await settle();
    expect(detail.content.value).toEqual({ kind: 'failed', code: 'gone', message: 'removed' });
    expect(asked).toEqual([]);
  });

  it('asks for decisions again until every mail has ended', async () => {
    const { detail, asked, decisions, settle } = makeDetail();
    decisions.push(queuedAt(2));
    detail.open(1);
    await settle();
    expect(detail.trace.value.decisions).toHaveLength(1);
    decisions.push(attemptAt(3, 'notification.sent'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(detail.trace.value.decisions).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(asked).toHaveLength(2);
  });

  it('asks ever less often while nothing comes, and not at all once closed', async () => {
    const { detail, asked, settle } = makeDetail();
    detail.open(1);
    await settle();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked.length).toBeLessThan(20);
    expect(asked.length).toBeGreaterThan(10);
    const before = asked.length;
    detail.close();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked).toHaveLength(before);
  });
});
