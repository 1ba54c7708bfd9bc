import type { Channel, Verdict } from '../../support/hostile-delivery.ts';

/** A draft's text, which every channel takes in its own way, and what each has to answer. */
export interface DraftRow {
  /** Of the case; several rows may be about one. */
  readonly number: number;
  readonly what: string;
  readonly text: string | (() => string);
  readonly answer: Verdict;
  /** Where a channel's own shape makes it another answer. */
  readonly but?: Readonly<Partial<Record<Channel, Verdict>>>;
  /** Why the answer is this one, where another would be as likely. */
  readonly note?: string;
}

const withData = (data: string): string => `{"message":"x","data":${data}}`;
const nested = (depth: number): string => `${'{"a":'.repeat(depth - 2)}{}${'}'.repeat(depth - 2)}`;
const named = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"n${String(index)}":0`).join(',')}}`;
const withId = (id: string): string => JSON.stringify({ message: 'x', source: 'row 27', id });

/** Text that is no object by itself: within an array, or as a draft of a frame, it is a draft that is wrong. */
const asItem = { batch: 'invalid_event', 'ws publish': 'invalid_event' } as const;
/** Text that is no JSON: what is around it is none either. */
const rejected = (number: number, what: string, text: string): DraftRow => ({
  number,
  what,
  text,
  answer: 'invalid_json',
});

export const draftRows: readonly DraftRow[] = [
  { number: 12, what: 'U+0000 as an escape', text: '{"message":"a\\u0000b"}', answer: 'ok', note: 'kept as data' },
  rejected(12, 'a raw NUL in a string', '{"message":"a\0b"}'),
  rejected(13, 'a byte order mark', '\ufeff{"message":"x"}'),
  rejected(14, 'UTF-16', '{\0"\0m\0e\0s\0s\0a\0g\0e\0"\0:\0"\0x\0"\0}\0'),
  {
    number: 15,
    what: '10,000 objects within each other',
    text: () => withData(nested(10_000)),
    answer: 'invalid_event',
  },
  { number: 16, what: 'depth 16', text: () => withData(nested(16)), answer: 'ok' },
  { number: 16, what: 'depth 17', text: () => withData(nested(17)), answer: 'invalid_event' },
  { number: 17, what: '__proto__', text: '{"message":"x","__proto__":{"admin":true}}', answer: 'ok', note: 'a name' },
  { number: 17, what: '__proto__ in labels', text: '{"message":"x","labels":{"__proto__":"a"}}', answer: 'ok' },
  {
    number: 17,
    what: 'constructor.prototype',
    text: '{"message":"x","constructor":{"prototype":{"admin":true}}}',
    answer: 'ok',
  },
  {
    number: 18,
    what: 'names of methods',
    text: withData('{"toString":1,"hasOwnProperty":"x","then":{"then":1},"toJSON":"x","valueOf":null}'),
    answer: 'ok',
  },
  ...['5', '["critical"]', '{}', 'true', '"CRITICAL "', '"crit\u0131cal"', '"loud"', '""'].map((severity) => ({
    number: 20,
    what: `severity ${severity}`,
    text: `{"message":"x","severity":${severity}}`,
    answer: 'invalid_event',
  })),
  { number: 20, what: 'severity null', text: '{"message":"x","severity":null}', answer: 'ok', note: 'as if missing' },
  { number: 21, what: '1e309', text: withData('{"n":1e309}'), answer: 'invalid_event' },
  { number: 21, what: '-0', text: withData('{"n":-0}'), answer: 'ok' },
  {
    number: 21,
    what: 'more digits than a double has',
    text: withData('{"n":9007199254740993}'),
    answer: 'ok',
    note: 'RFC 8259, 6: rounded, as the protocol says; an alert is worth more than the last digit of its data',
  },
  { number: 21, what: 'time as digits in a string', text: '{"message":"x","time":"123"}', answer: 'invalid_event' },
  { number: 21, what: 'time 1e309', text: '{"message":"x","time":1e309}', answer: 'invalid_event' },
  rejected(21, '01', withData('{"n":01}')),
  rejected(21, 'NaN', withData('{"n":NaN}')),
  { number: 22, what: 'a lone surrogate', text: '{"message":"\\ud800"}', answer: 'invalid_event' },
  { number: 22, what: 'one in a name', text: withData('{"\\udc00":1}'), answer: 'invalid_event' },
  { number: 23, what: '128 names', text: () => withData(named(128)), answer: 'ok' },
  { number: 23, what: '129 names', text: () => withData(named(129)), answer: 'invalid_event' },
  { number: 23, what: '80,000 names', text: () => withData(named(80_000)), answer: 'too_large' },
  { number: 23, what: '400,000 zeros', text: () => withData(`{"a":[0${',0'.repeat(400_000)}]}`), answer: 'too_large' },
  {
    number: 25,
    what: 'an array',
    text: '[]',
    answer: 'invalid_json',
    but: { ...asItem, http: 'ok' },
    note: 'no events',
  },
  ...['"x"', '1', 'null', 'true'].map((text) => ({
    number: 25,
    what: text,
    text,
    answer: 'invalid_json',
    but: asItem,
  })),
  { number: 25, what: 'blanks', text: '   ', answer: 'invalid_json', but: { batch: 'ok' } },
  { number: 25, what: 'an empty object', text: '{}', answer: 'invalid_event' },
  rejected(26, 'two objects', '{"message":"x"} {"message":"y"}'),
  rejected(26, 'a comment', '{"message":"x"/*y*/}'),
  rejected(26, 'single quotes', "{'message':'x'}"),
  rejected(26, 'a trailing comma', '{"message":"x",}'),
  { number: 27, what: 'an empty id', text: withId(''), answer: 'invalid_event' },
  { number: 27, what: 'an id of 128', text: withId('i'.repeat(128)), answer: 'ok' },
  { number: 27, what: 'an id of 129', text: withId('i'.repeat(129)), answer: 'invalid_event' },
  ...['a\nb', '/', '..', '%00', '🔥', '../../../etc/passwd', '\u202e'].map((id) => ({
    number: 27,
    what: `the id ${JSON.stringify(id)}`,
    text: withId(id),
    answer: 'ok',
    note: 'any characters',
  })),
  ...[
    '"0000-01-01T00:00:00Z"',
    '"275761-01-01T00:00:00Z"',
    '"2024-02-30T00:00:00Z"',
    '"2024-01-01T23:59:60Z"',
    '"2024-01-01T00:00:00"',
    '-1',
    '8640000000000001',
  ].map((time) => ({
    number: 30,
    what: `time ${time}`,
    text: `{"message":"x","time":${time}}`,
    answer: 'invalid_event',
  })),
  {
    number: 31,
    what: 'an unknown field',
    text: '{"message":"x","unknown":{"a":1}}',
    answer: 'ok',
    note: 'kept in data',
  },
  {
    number: 67,
    what: 'markup in every field',
    text: JSON.stringify({ message: '<img src=x onerror=alert(1)>', source: '</script>', key: '{{7*7}}' }),
    answer: 'ok',
  },
  {
    number: 77,
    what: 'terminal sequences in every field',
    text: JSON.stringify({ message: '\u001b[2J\u001b]0;t\u0007\u009b31m\r\n{"level":"info"}', source: '\u009b%n' }),
    answer: 'ok',
  },
];
