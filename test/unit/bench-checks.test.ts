import { describe, expect, it } from 'vitest';
import { createDrafts } from '../../bench/drafts.ts';
import { Delivery } from '../../bench/load/delivery.ts';
import { HttpAnswerReader } from '../../bench/load/http-answer.ts';
import { ExportedLines } from '../../bench/load/exported-lines.ts';
import { Framed } from '../../bench/load/framed.ts';
import { LastDelivery } from '../../bench/load/last-delivery.ts';
import { Lines } from '../../bench/load/lines.ts';
import { Positions } from '../../bench/load/positions.ts';
import { StreamIds } from '../../bench/load/stream-ids.ts';
import { Tally } from '../../bench/load/tally.ts';
import { AnswerLines, VerdictCheck } from '../../bench/load/verdicts.ts';
import { Window } from '../../bench/load/window.ts';
import { frameBytes, textFrame } from '../../bench/load/ws-client.ts';
import { tableOf } from '../../bench/report.ts';

const drafts = (count: number) => {
  const next = createDrafts(7, Date.UTC(2026, 0, 1));
  return Array.from({ length: count }, next);
};

describe('sample drafts', () => {
  it('are 100 to 300 bytes of JSON, every second one with an id', () => {
    for (const [index, { text, message, id }] of drafts(300).entries()) {
      expect(Buffer.byteLength(text)).toBeGreaterThanOrEqual(100);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(300);
      expect(JSON.parse(text)).toMatchObject(id === undefined ? { message } : { message, id });
      expect(id !== undefined).toBe(index % 2 === 1);
    }
  });

  it('are 15 % errors and mostly of a few sources', () => {
    const values = drafts(5_000).map(({ text }) => JSON.parse(text) as { severity: string; source: string });
    const serious = values.filter(({ severity }) => severity === 'error' || severity === 'critical');
    expect(serious.length / values.length).toBeGreaterThan(0.14);
    expect(serious.length / values.length).toBeLessThan(0.16);
    const counts = new Map<string, number>();
    for (const { source } of values) counts.set(source, (counts.get(source) ?? 0) + 1);
    const top = [...counts.values()].sort((one, other) => other - one).slice(0, 25);
    expect(top.reduce((sum, count) => sum + count) / values.length).toBeGreaterThan(0.5);
  });

  it('are the same for the same seed, and share no id with those of another', () => {
    const ids = (seed: number) => new Lines(seed, 500).ids.filter((id) => id !== undefined);
    expect(ids(1)).toEqual(ids(1));
    expect(new Set([...ids(1), ...ids(2), ...ids(1_001)]).size).toBe(750);
  });

  it('lie in memory line by line', () => {
    const lines = new Lines(1, 700);
    expect(lines.slice(0, 700).toString().split('\n')).toHaveLength(701);
    expect(lines.slice(3, 5).toString().trimEnd().split('\n')).toHaveLength(2);
    expect(lines.slice(1, 2).toString()).toContain(lines.ids[1] ?? 'none');
  });
});

describe('the check of verdicts', () => {
  const answers = (...lines: readonly string[]) => {
    const check = new VerdictCheck([undefined, 'a', 'b']);
    new AnswerLines(check).read(Buffer.from(lines.map((line) => `${line}\n`).join('')), 3);
    return check.count;
  };
  const first = '{"ok":true,"id":"made","position":8}';

  it('counts acceptances in the order of the drafts', () => {
    expect(answers(first, '{"ok":true,"id":"a","position":9}', '{"ok":true,"id":"b","position":30}')).toBe(3);
  });

  it.each([
    ['a refusal', '{"ok":false,"code":"invalid_event","error":"x","position":9}'],
    ['a duplicate', '{"ok":true,"id":"a","position":9,"duplicate":true}'],
    ['the verdict of another draft', '{"ok":true,"id":"b","position":9}'],
    ['a longer id', '{"ok":true,"id":"aa","position":9}'],
    ['a position that does not ascend', '{"ok":true,"id":"a","position":8}'],
    ['no position', '{"ok":true,"id":"a"}'],
  ])('stops at %s', (_, line) => {
    expect(() => answers(first, line)).toThrow(/^answer 1: /);
  });

  it('stops at an answer to what was not sent yet', () => {
    const lines = new AnswerLines(new VerdictCheck([undefined, undefined]));
    expect(() => {
      lines.read(Buffer.from(`${first}\n${first}\n`), 1);
    }).toThrow(/one answer too many/);
  });

  it('reads an answer that comes in pieces', () => {
    const check = new VerdictCheck([undefined]);
    const lines = new AnswerLines(check);
    for (const byte of Buffer.from(`${first}\n`)) lines.read(Buffer.from([byte]), 1);
    expect(check.count).toBe(1);
  });
});

describe('the reader of HTTP answers', () => {
  const bytes = Buffer.from('HTTP/1.1 201 Created\r\ncontent-length: 4\r\n\r\nbody');

  it('gives an answer that comes in pieces once it is complete', () => {
    const reader = new HttpAnswerReader();
    for (const byte of bytes.subarray(0, -1)) expect(reader.read(Buffer.from([byte]))).toBeUndefined();
    expect(reader.read(bytes.subarray(-1))).toEqual({ status: 201, body: 'body' });
    expect(reader.read(bytes)).toEqual({ status: 201, body: 'body' });
  });

  it('stops at more than was asked for', () => {
    expect(() => new HttpAnswerReader().read(Buffer.concat([bytes, bytes]))).toThrow(/too many/);
  });
});

describe('the check of deliveries', () => {
  const sent = drafts(3);
  const frameOf = (...events: readonly (readonly [position: number, draft: number])[]) =>
    JSON.stringify({
      type: 'events',
      events: events.map(([position, draft]) => ({ position, id: sent[draft]?.id, message: sent[draft]?.message })),
    });
  const started = () => {
    const delivery = new Delivery(sent, new Tally(0, sent.length), 40);
    for (const draft of sent) expect(delivery.send()).toBe(draft.text);
    return delivery;
  };

  it('is complete when every draft came in its turn', async () => {
    const delivery = started();
    delivery.receive(frameOf([41, 0], [42, 1]));
    delivery.receive('{"type":"checkpoint","position":2}');
    delivery.receive(frameOf([43, 2]));
    await delivery.complete;
    expect(delivery.count).toBe(3);
  });

  it.each([
    ['a gap', frameOf([41, 0], [43, 2])],
    ['a double', frameOf([41, 0], [41, 0])],
    ['another order', frameOf([41, 0], [42, 2])],
    ['more than was sent', frameOf([41, 0], [42, 1], [43, 2], [44, 2])],
  ])('stops at %s', (_, frame) => {
    expect(() => {
      started().receive(frame);
    }).toThrow(/^delivery \d: /);
  });

  it('stops at an event that was not sent yet', () => {
    expect(() => {
      new Delivery(sent, new Tally(0, sent.length), 40).receive(frameOf([41, 0]));
    }).toThrow(/^delivery 1: /);
  });
});

describe('the last of many deliveries', () => {
  const frame = 'a frame of two events';
  const bytes = frameBytes(frame);
  const started = () => {
    const last = new LastDelivery();
    const counters = [{ bytes: 0 }, { bytes: 0 }] as const;
    for (const counter of counters) last.add(counter);
    const take = (counter: { bytes: number }, more: number) => {
      counter.bytes += more;
      last.advance(counter);
    };
    return { last, counters, take };
  };

  it('is when every subscriber has all bytes of the frame that brought the event', () => {
    const { last, counters, take } = started();
    take(counters[0], bytes);
    last.frame(frame, 2);
    take(counters[1], bytes - 1);
    expect(last.at).toEqual([]);
    take(counters[1], 1);
    expect(last.at).toHaveLength(2);
    last.check();
  });

  it('is seen, whoever has the frame first', () => {
    const { last, counters, take } = started();
    for (const counter of counters) take(counter, bytes);
    last.frame(frame, 1);
    expect(last.at).toHaveLength(1);
  });

  it('stops at a subscriber that was sent more than the others', () => {
    const { last, counters, take } = started();
    last.frame(frame, 1);
    for (const counter of counters) take(counter, bytes);
    take(counters[1], 1);
    expect(() => {
      last.check();
    }).toThrow(/got \d+ bytes/);
  });
});

describe('what a load says on a WebSocket', () => {
  const masks = [0, 0, 0, 0];

  // RFC 6455, 5.2
  it.each([
    [125, [0x81, 0x80 | 125, ...masks]],
    [126, [0x81, 0x80 | 126, 0, 126, ...masks]],
    [65_535, [0x81, 0x80 | 126, 255, 255, ...masks]],
    [65_536, [0x81, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0, ...masks]],
  ])('is one frame, of %d bytes and its head', (size, head) => {
    const payload = 'x'.repeat(size);
    const frame = textFrame(payload);
    expect([...frame.subarray(0, -size)]).toEqual(head);
    expect(frame.subarray(-size).toString()).toBe(payload);
    expect(frameBytes(payload)).toBe(frame.length - masks.length);
  });
});

describe('the check of what Redis answers', () => {
  const reply = (id: string) => `$${id.length}\r\n${id}\r\n`;
  const read = (text: string, sent = 3) => {
    const ids = new StreamIds();
    ids.read(Buffer.from(text), sent);
    return ids.count;
  };

  it('counts ids that ascend, by their milliseconds and then by their number in them', () => {
    expect(read(reply('17000-0') + reply('17000-10') + reply('17001-2'))).toBe(3);
  });

  it.each([
    ['an error', '-ERR unknown command\r\n'],
    ['what is no id', reply('seventeen')],
    ['another length than was said', '$4\r\n17000-0\r\n'],
    ['a double', reply('17000-1') + reply('17000-1')],
    ['an id that is lower', reply('17000-1') + reply('17000-0')],
  ])('stops at %s', (_, text) => {
    expect(() => read(text)).toThrow(/^answer \d: /);
  });

  it('stops at an answer to what was not sent yet', () => {
    expect(() => read(reply('17000-0'), 0)).toThrow(/^answer 0: /);
  });

  it('reads an answer that comes in pieces', () => {
    const ids = new StreamIds();
    for (const byte of Buffer.from(reply('17000-0'))) ids.read(Buffer.from([byte]), 1);
    expect(ids.count).toBe(1);
  });
});

describe('the check of positions', () => {
  const eventAt = (position: number) => JSON.stringify({ position, message: '{"position":7,' });

  it('follows events in frames and in lines', () => {
    const positions = new Positions(8);
    positions.read(`{"type":"events","events":[${eventAt(9)},${eventAt(10)}]}`);
    positions.read('{"type":"checkpoint","position":30}');
    positions.read(`${eventAt(11)}\n`);
    expect(positions.last).toBe(11);
  });

  it.each([
    ['a gap', [10]],
    ['a double', [9, 9]],
    ['one from before', [8]],
  ])('stops at %s', (_, found) => {
    expect(() => {
      new Positions(8).read(found.map(eventAt).join('\n'));
    }).toThrow(/^expected position \d+; got \d+$/);
  });
});

describe('the check of an export', () => {
  const lineAt = (position: number) => `{"position":${position},"message":"m"}\n`;
  const read = (text: string) => {
    const lines = new ExportedLines();
    let count = 0;
    for (const byte of Buffer.from(text)) count += lines.read(Buffer.from([byte]));
    lines.end(2);
    return { count, bytes: lines.bytes };
  };

  it('counts the lines that come in pieces, and no empty ones', () => {
    const bytes = lineAt(1).length + lineAt(2).length;
    expect(read(`\n${lineAt(1)}\n${lineAt(2)}`)).toEqual({ count: 2, bytes });
  });

  it.each([
    ['an event too few', lineAt(1)],
    ['one too many', lineAt(1) + lineAt(2) + lineAt(3)],
    ['two in one line', lineAt(1).trimEnd() + lineAt(2)],
    ['a line without an event', `${lineAt(1)}{}\n${lineAt(2)}`],
    ['a line that does not end', lineAt(1) + lineAt(2).trimEnd()],
  ])('stops at %s', (_, text) => {
    expect(() => read(text)).toThrow(/^expected /);
  });
});

describe('the window of a connection', () => {
  const started = (endAt: number) => {
    const lines = new Lines(1, 10);
    const chunks: string[] = [];
    const window = new Window({ messages: lines, size: 4, send: (bytes) => chunks.push(bytes.toString()) });
    const tally = new Tally(0, 10);
    window.start(tally, endAt);
    return { lines, window, sent: () => chunks.join(''), tally };
  };

  it('is filled again by each answer until all are sent, and done with the last', () => {
    const { lines, window, sent, tally } = started(Infinity);
    expect(sent()).toBe(lines.slice(0, 4).toString());
    expect(window.answered(3, 1)).toBe('more');
    expect(sent()).toBe(lines.slice(0, 7).toString());
    expect(window.answered(9, 2)).toBe('more');
    expect(sent()).toBe(lines.slice(0, 10).toString());
    expect(window.answered(10, 3)).toBe('done');
    expect(tally.result().events).toBe(10);
  });

  it('is not filled again when the time is over', () => {
    const { window } = started(5);
    expect(window.answered(2, 6)).toBe('more');
    expect(window.sent).toBe(4);
    expect(window.answered(4, 7)).toBe('done');
  });
});

describe('lines in what a protocol puts around them', () => {
  it('lie in memory one by one', () => {
    const lines = new Lines(1, 3);
    const framed = new Framed(lines, (line) => Buffer.from(`<${line.toString()}>`));
    const texts = lines.slice(0, 3).toString().trimEnd().split('\n');
    expect(framed.count).toBe(3);
    expect(framed.slice(0, 3).toString()).toBe(texts.map((text) => `<${text}>`).join(''));
    expect(framed.slice(1, 2).toString()).toBe(`<${texts[1] ?? ''}>`);
  });
});

describe('a row of the results', () => {
  it('says that it was skipped when there is no peer', async () => {
    const row = { scenario: 'S', figure: 'F', unit: 'ms', beside: 'Redis', pairs: [], goals: [] } as const;
    expect(await tableOf([row])).toMatch(/Redis +\| skipped: not installed/);
  });
});
