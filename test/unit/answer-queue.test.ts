import { describe, expect, it } from 'vitest';
import { AnswerQueue } from '../../src/sources/answer-queue.ts';

function aQueue() {
  const written: (readonly string[])[] = [];
  const queue = new AnswerQueue((answers) => written.push(answers));
  return { queue, written };
}
const turn = () => new Promise(setImmediate);

describe('answers', () => {
  it('are written in the order of the questions, whatever order they come in', async () => {
    const { queue, written } = aQueue();
    const [first, second, third] = [queue.ask(), queue.ask(), queue.ask()];
    queue.answer(third, 'c');
    await turn();
    queue.answer(second, 'b');
    await turn();
    expect(written).toEqual([]);
    queue.answer(first, 'a');
    await turn();
    expect(written.flat()).toEqual(['a', 'b', 'c']);
  });

  it('are written together when they become known in one turn', async () => {
    const { queue, written } = aQueue();
    const tickets = [queue.ask(), queue.ask(), queue.ask()];
    tickets.slice(0, 2).forEach((ticket) => {
      queue.answer(ticket, String(ticket));
    });
    await turn();
    expect(written).toEqual([['0', '1']]);
    expect(queue.open).toBe(1);
  });

  it('keep their places while others are written', async () => {
    const { queue, written } = aQueue();
    const first = queue.ask();
    const second = queue.ask();
    queue.answer(first, 'a');
    await turn();
    const third = queue.ask();
    queue.answer(third, 'c');
    await turn();
    queue.answer(second, 'b');
    await turn();
    expect(written).toEqual([['a'], ['b', 'c']]);
    expect(queue.open).toBe(0);
  });

  it('may be given and asked for in the same turn', async () => {
    const { queue, written } = aQueue();
    queue.answer(queue.ask(), 'a');
    queue.answer(queue.ask(), 'b');
    await turn();
    expect(written).toEqual([['a', 'b']]);
  });
});
