import { describe, expect, it, vi } from 'vitest';
import { probePublisher, turn } from '../support/publisher-probe.ts';

describe('a publisher, when things go wrong', () => {
  describe('when a connection breaks', () => {
    it('sends what is unanswered again, the same ids in the same order, and then the rest', async () => {
      const probe = probePublisher();
      await probe.publish(6);
      await probe.connect();
      probe.last().accept(0, 1);
      const texts = probe.transport
        .last()
        .sent.slice(1)
        .map(({ text }) => text);
      probe.last().listener.down('reset');
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'waiting', reason: 'reset' });
      await vi.advanceTimersByTimeAsync(100);
      await probe.connect();
      expect(probe.sentIds()).toEqual(['2', '3', '4', '5']);
      expect(
        probe.transport
          .last()
          .sent.slice(0, 3)
          .map(({ text }) => text),
      ).toEqual(texts);
    });

    it('waits longer each time, and anew after an answer', async () => {
      const probe = probePublisher();
      await probe.publish(1);
      const waits: number[] = [];
      for (const [index] of ['a', 'b', 'c'].entries()) {
        probe.last().listener.down(`failure ${index}`);
        const status = probe.statuses.at(-1);
        waits.push(status?.state === 'waiting' ? status.retryAt - Date.now() : -1);
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(waits).toEqual([100, 200, 400]);
      await probe.connect();
      probe.last().accept();
      await probe.publish(1, 2);
      probe.last().listener.down('again');
      expect(probe.statuses.at(-1)).toMatchObject({ retryAt: Date.now() + 100 });
    });

    it('does not connect again before there is something to send', async () => {
      const probe = probePublisher();
      await probe.publish(1);
      await probe.connect();
      probe.last().accept();
      probe.last().listener.down('the hub closed the connection');
      await vi.advanceTimersByTimeAsync(60_000);
      expect(probe.transport.carriers).toHaveLength(1);
      await probe.publish(1, 2);
      expect(probe.transport.carriers).toHaveLength(2);
    });

    it('hears nothing more from the old one', async () => {
      const probe = probePublisher();
      await probe.publish(2);
      await probe.connect();
      const old = probe.last();
      old.listener.down('reset');
      old.accept();
      await turn();
      expect(probe.verdicts).toEqual([]);
    });

    it('tries again when there is nothing to connect to', async () => {
      const probe = probePublisher();
      probe.transport.obstacle = 'the hub is not running';
      await probe.publish(1);
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'waiting', reason: 'the hub is not running' });
      probe.transport.obstacle = undefined;
      await vi.advanceTimersByTimeAsync(100);
      await probe.connect();
      expect(probe.sentIds()).toEqual(['1']);
    });
  });

  describe('when the hub cannot take a draft now', () => {
    it.each(['unavailable', 'in_doubt', 'storage_full', 'rate_limited'])('sends it again after %s', async (code) => {
      const probe = probePublisher();
      await probe.publish(1);
      await probe.connect();
      probe.last().listener.answer(probe.last().sent[0]!, { ok: false, code, error: 'later', id: '1' });
      await turn();
      expect(probe.sentIds()).toEqual(['1']);
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'waiting', reason: `${code}: later` });
      await vi.advanceTimersByTimeAsync(100);
      expect(probe.sentIds()).toEqual(['1', '1']);
      probe.last().accept(1);
      await turn();
      expect(probe.verdicts).toEqual([{ ok: true, id: '1', position: 1 }]);
    });

    it('waits as long as the hub asks for', async () => {
      const probe = probePublisher();
      await probe.publish(1);
      await probe.connect();
      const refusal = { ok: false, code: 'rate_limited', error: 'slower', id: '1' } as const;
      probe.last().listener.answer(probe.last().sent[0]!, refusal, 5_000);
      await vi.advanceTimersByTimeAsync(4_999);
      expect(probe.sentIds()).toEqual(['1']);
      await vi.advanceTimersByTimeAsync(1);
      expect(probe.sentIds()).toEqual(['1', '1']);
    });

    it('sends nothing later before them, once what is on its way is answered', async () => {
      const probe = probePublisher();
      await probe.publish(6);
      await probe.connect();
      const { listener, sent } = probe.last();
      listener.answer(sent[1]!, { ok: false, code: 'unavailable', error: 'later', id: '2' });
      listener.answer(sent[2]!, { ok: false, code: 'unavailable', error: 'later', id: '3' });
      await vi.advanceTimersByTimeAsync(100);
      expect(probe.sentIds()).toEqual(['1', '2', '3', '4']);
      probe.last().accept(0, 1);
      probe.last().accept(3, 4);
      await turn();
      expect(probe.sentIds()).toEqual(['1', '2', '3', '4', '2', '3', '5', '6']);
    });
  });

  it.each(['in a verdict', 'by the connection'])(
    'gives the same verdict on everything once the token is refused %s',
    async (how) => {
      const probe = probePublisher();
      const refusal = { ok: false, code: 'unauthorized', error: 'token: unknown' } as const;
      await probe.publish(3);
      await probe.connect();
      const { listener, sent } = probe.last();
      if (how === 'in a verdict') listener.answer(sent[0]!, refusal);
      else listener.down('refused', refusal);
      await turn();
      expect(probe.verdicts).toEqual([refusal, refusal, refusal]);
      expect(await probe.publisher.publish({ message: 'late' })).toEqual(refusal);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(probe.transport.carriers).toHaveLength(1);
    },
  );

  it('takes answers that are out of step for a broken connection', async () => {
    const probe = probePublisher();
    await probe.publish(2);
    await probe.connect();
    probe.last().listener.answer(probe.last().sent[0]!, { ok: true, id: '2', position: 1 });
    expect(probe.last().isEnded).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    await probe.connect();
    expect(probe.sentIds()).toEqual(['1', '2']);
  });

  it.each(['to connect', 'to answer'])('gives a hub 30 s %s', async (what) => {
    const probe = probePublisher();
    await probe.publish(1);
    if (what === 'to answer') await probe.connect();
    await vi.advanceTimersByTimeAsync(29_999);
    expect(probe.transport.carriers[0]?.isEnded).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(probe.transport.carriers[0]?.isEnded).toBe(true);
    expect(probe.statuses.at(-1)).toMatchObject({ reason: 'the hub does not answer' });
  });
});
