import { describe, expect, it } from 'vitest';
import { compileQuery, type RecordLike } from '../../src/pipeline/query/evaluate.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

const event = {
  position: 42,
  type: 'event',
  id: 'Abc-1',
  time: '2026-01-01T23:00:00.000Z',
  receivedAt: '2026-01-01T23:00:01.000Z',
  source: 'sw-Madrid-07',
  severity: 'error',
  message: 'Link DOWN on port 7 (Straße *)',
  channel: 'tcp',
  key: 'sw/7',
  status: 'firing',
  labels: { site: 'Madrid', empty: '', 'a b': 'x', ['__proto__']: 'label' },
  data: JSON.parse(
    '{"t":81.5,"big":1e21,"ok":true,"none":null,"list":["x"],"in":{"side":"deep"},"a.b":"dotted","__proto__":{"x":"own"}}',
  ) as unknown,
};

const decision: RecordLike = { position: 43, type: 'notification.sent', receivedAt: '2026-01-01T23:30:00.000Z' };

function matches(text: string, record: RecordLike = event): boolean {
  return compileQuery(parseQuery(text, now))(record);
}

describe('compileQuery', () => {
  it.each([
    ...[
      'link',
      '"link down"',
      'li*port',
      'MADRID',
      'strasse',
      '"(Straße *)"',
      '7 port',
      'severity>=error',
      'severity:err',
    ],
    ...[
      'severity<critical',
      'source:SW-*',
      'source:*madrid*',
      'source:sw-madrid-07',
      'id:abc-1',
      'channel:TCP',
      'key:sw/7',
    ],
    ...['status:Firing', 'message:link*', 'message:*"*)"', 'label.site:madrid', 'label.site:*', 'label."a b":x'],
    ...['label.empty:""', 'label.empty:*', 'label.__proto__:label', 'data.t:81.5', 'data.t>=81.5', 'data.t<100'],
    ...[
      'data.big:1e+21',
      'data.ok:TRUE',
      'data.in.side:deep',
      'data."a.b":dotted',
      'data.__proto__.x:own',
      'position:42',
    ],
    ...[
      'position>=42',
      'position<43',
      'time>=2026-01-01T23:00:00Z',
      'time:2026-01-01T23:00:00Z',
      'since:1h',
      'until:59m',
    ],
    ...['(key:no OR key:sw*) link', '-key:no', 'NOT (key:no OR key:never)'],
  ])('finds the event by %s', (text) => {
    expect(matches(text)).toBe(true);
  });

  it.each([
    ...[
      '"link  down"',
      'port*link',
      'firing',
      'tcp',
      'severity<error',
      'severity:warning',
      'source:sw',
      'source:madrid*',
    ],
    ...[
      'id:abc',
      'channel:http',
      'status:resolved',
      'message:link',
      'label.site:mad',
      'label.Site:madrid',
      'label.none:*',
    ],
    ...[
      'label.constructor:*',
      'data.t:81.50',
      'data.t>81.5',
      'data.ok>=0',
      'data.in.side>=0',
      'data.big:1e21',
      'data.none:*',
    ],
    ...['data.none:null', 'data.list:*', 'data.list.0:x', 'data.list.length:1', 'data.in:*', 'data.a.b:dotted'],
    ...[
      'data.toString:*',
      'data.t.x:*',
      'position<42',
      'position:420',
      'time<2026-01-01T23:00:00Z',
      'since:59m',
      'until:1h',
    ],
    ...['link key:no', '-link', 'NOT (key:no OR link)', '-*'],
  ])('does not find the event by %s', (text) => {
    expect(matches(text)).toBe(false);
  });

  it.each(['-label.none:x', '-data.list:*', '-data.none:*', '-data.in.side>=0', '-data.x.y<5'])(
    'finds the event by %s, since what is missing matches nothing',
    (text) => {
      expect(matches(text)).toBe(true);
    },
  );

  describe('of a decision', () => {
    it.each([
      'severity>=info',
      'since:9w',
      'source:*',
      'key:*',
      'id:*',
      'channel:*',
      'status:*',
      'message:*',
      'label.a:*',
      'data.a>0',
      'up',
    ])('takes %s, of which it has nothing, for false and its NOT for true', (text) => {
      expect(matches(text, decision)).toBe(false);
      expect(matches(`-${text}`, decision)).toBe(true);
    });

    it('looks at the fields that it has', () => {
      const sent: RecordLike = { ...decision, key: 'disk', severity: 'error' };
      expect(matches('key:disk severity>=error', sent)).toBe(true);
      expect(matches('key:disk', { ...sent, key: { disk: true } })).toBe(false);
    });

    it('is found by * alone', () => {
      expect(matches('*', decision)).toBe(true);
    });
  });

  it('tells records apart that it is asked about in turn', () => {
    const isUp = compileQuery(parseQuery('message:up', now));
    const up = { ...event, message: 'up' };
    expect([event, up, up, event].map(isUp)).toEqual([false, true, true, false]);
  });

  it('places every piece of a pattern behind the one before it', () => {
    const say = (message: string): RecordLike => ({ ...event, message });
    expect(matches('message:ab*ba', say('aba'))).toBe(false);
    expect(matches('message:ab*ba', say('abba'))).toBe(true);
    expect(matches('message:a*b*c', say('abbc'))).toBe(true);
    expect(matches('message:a*bc*bc', say('abc'))).toBe(false);
    expect(matches('message:*ab*ab*', say('xabab'))).toBe(true);
    expect(matches('message:*ab*ab*', say('xabb ba'))).toBe(false);
    expect(matches('message:a*', say('a'))).toBe(true);
  });

  it('answers a pattern that would make a backtracking matcher try for years', () => {
    const query = compileQuery(parseQuery(`message:${'a*'.repeat(500)}b`, now));
    expect(query({ ...event, message: 'a'.repeat(8_192) })).toBe(false);
  });
});
