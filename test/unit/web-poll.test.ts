import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Poll } from '../../web/state/poll.ts';

const asked: AbortSignal[] = [];
let answerMs = 0;
let isHidden = false;
let poll: Poll;

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  answerMs = 0;
  isHidden = false;
  poll = new Poll({
    ask: (request) => {
      asked.push(request);
      return new Promise((resolve) => setTimeout(resolve, answerMs));
    },
    idleMs: 5_000,
    busyMs: 2_000,
    isHidden: () => isHidden,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('Poll', () => {
  it('asks at once when it begins, and then every five seconds', async () => {
    poll.restart();
    await pass(0);
    expect(asked).toHaveLength(1);
    await pass(4_990);
    expect(asked).toHaveLength(1);
    await pass(10);
    expect(asked).toHaveLength(2);
  });

  it('asks at once after a nudge in quiet times, and every two seconds in busy ones', async () => {
    poll.restart();
    await pass(3_000);
    poll.nudge();
    await pass(0);
    expect(asked).toHaveLength(2);
    for (let times = 0; times < 10; times += 1) {
      poll.nudge();
      await pass(100);
    }
    expect(asked).toHaveLength(2);
    await pass(1_000);
    expect(asked).toHaveLength(3);
  });

  it('does not forget a nudge that came while it was being answered', async () => {
    answerMs = 300;
    poll.restart();
    await pass(100);
    poll.nudge();
    await pass(1_950);
    expect(asked).toHaveLength(2);
  });

  it('leaves a slow hub alone for longer, and never asks twice at a time', async () => {
    answerMs = 4_000;
    poll.restart();
    await pass(3_000);
    poll.nudge();
    await pass(12_900);
    expect(asked).toHaveLength(1);
    await pass(200);
    expect(asked).toHaveLength(2);
  });

  it('gives up what it asked when the question is another one', async () => {
    answerMs = 1_000;
    poll.restart();
    await pass(500);
    poll.restart();
    await pass(0);
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, false]);
    await pass(5_000);
    expect(asked).toHaveLength(3);
  });

  it('rests while nobody looks', async () => {
    poll.restart();
    await pass(10);
    isHidden = true;
    await pass(60_000);
    poll.nudge();
    await pass(60_000);
    expect(asked).toHaveLength(1);
    isHidden = false;
    poll.restart();
    await pass(0);
    expect(asked).toHaveLength(2);
  });
});
