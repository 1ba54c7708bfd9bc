import { describe, expect, it } from 'vitest';
import { BoundedBacklog } from '../../src/pipeline/backlog.ts';
import type { Source } from '../../src/pipeline/component.ts';
import type { Envelope } from '../../src/pipeline/envelope.ts';
import { waitFor } from './deadline.ts';

/** One who sends drafts and keeps the answers: position, or code. */
export interface Producer {
  send(draft: object): void;
  readonly answers: readonly unknown[];
  /** Breaks off in the middle of something. */
  break(): void;
}

/** A source as its producers see it. */
export interface SourceUnderTest {
  readonly source: Source;
  /** Once the source is open. */
  connect(): Promise<Producer>;
  /** Once it is torn down: whether its port is free, or what it answers. */
  afterwards(): Promise<unknown>;
}

interface Opened extends SourceUnderTest {
  readonly envelopes: Envelope[];
  teardown(): void;
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** What every source keeps to, whatever its channel. */
export function sourceContract(
  channel: string,
  make: (backlog: BoundedBacklog) => SourceUnderTest,
  whenClosed: unknown,
): void {
  const open = (): Opened => {
    const made = make(new BoundedBacklog());
    const envelopes: Envelope[] = [];
    const subscription = made.source.open().subscribe((envelope) => envelopes.push(envelope));
    return { ...made, envelopes, teardown: () => subscription.unsubscribe() };
  };
  const settle = (envelope: Envelope, position: number) => {
    envelope.settle({ kind: 'accepted', id: 'i', position });
  };
  const emitted = (opened: Opened, count: number) =>
    waitFor(() => opened.envelopes.length >= count, { what: `${count} envelopes` });

  describe(`the ${channel} source`, () => {
    it('settles every envelope to its producer, in the order of sending, whatever order they are settled in', async () => {
      const opened = open();
      const [one, other] = [await opened.connect(), await opened.connect()];
      for (const at of numbers(20)) (at % 2 === 0 ? one : other).send({ message: String(at) });
      await emitted(opened, 20);
      expect(opened.envelopes).toMatchObject(numbers(20).map(() => ({ channel })));
      for (const envelope of opened.envelopes.toReversed()) {
        settle(envelope, Number('draft' in envelope && envelope.draft.message));
      }
      await waitFor(() => one.answers.length + other.answers.length >= 20, { what: '20 answers' });
      expect(other.answers).toEqual(numbers(20).filter((at) => at % 2 === 1));
      expect(one.answers).toEqual(numbers(20).filter((at) => at % 2 === 0));
      opened.teardown();
      one.break();
      other.break();
      await opened.source.closed();
    });

    it('answers what is invalid itself, in its place', async () => {
      const opened = open();
      const producer = await opened.connect();
      for (const draft of [{ message: 'a' }, { message: '' }, { message: 'b' }]) producer.send(draft);
      await emitted(opened, 2);
      opened.envelopes.forEach((envelope, at) => {
        settle(envelope, at + 1);
      });
      await waitFor(() => producer.answers.length === 3, { what: 'three answers' });
      expect(producer.answers).toEqual([1, 'invalid_event', 2]);
      opened.teardown();
      producer.break();
      await opened.source.closed();
    });

    it('leaves other producers alone when one breaks off', async () => {
      const opened = open();
      const [bad, good] = [await opened.connect(), await opened.connect()];
      bad.send({ message: 'm' });
      await emitted(opened, 1);
      bad.break();
      good.send({ message: 'm' });
      await emitted(opened, 2);
      opened.envelopes.forEach((envelope, at) => {
        settle(envelope, at + 1);
      });
      await waitFor(() => good.answers.length === 1, { what: 'the answer' });
      expect(good.answers).toEqual([2]);
      opened.teardown();
      good.break();
      await opened.source.closed();
    });

    it('still answers what it has emitted after its teardown, and is closed only then', async () => {
      const opened = open();
      const producer = await opened.connect();
      producer.send({ message: 'm' });
      await emitted(opened, 1);
      opened.teardown();
      let isClosed = false;
      const closed = opened.source.closed().then(() => (isClosed = true));
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      expect(isClosed).toBe(false);
      opened.envelopes.forEach((envelope) => {
        settle(envelope, 1);
      });
      await closed;
      await waitFor(() => producer.answers.length === 1, { what: 'the answer' });
      expect(producer.answers).toEqual([1]);
      expect(await opened.afterwards()).toEqual(whenClosed);
    });
  });
}
