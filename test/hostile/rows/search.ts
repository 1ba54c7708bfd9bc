/** A query from a stranger: what it is answered, and what it finds among the events of the test. */
export interface SearchRow {
  readonly number: number;
  readonly what: string;
  readonly query: string | (() => string);
  /** Messages, oldest first; null where the query is refused as `invalid_query`. */
  readonly finds: readonly string[] | null;
  readonly note?: string;
}

/** What there is to be found. */
export const messages = {
  plain: 'plain',
  percent: '100% of _disk_',
  quote: 'it\'s "quoted" \\ here',
  sql: "' OR 1=1--",
  fts: 'NEAR(a b) AND col:* NOT "x"',
  regex: '(a+)+$',
} as const;

const all = Object.values(messages);

export const searchRows: readonly SearchRow[] = [
  { number: 78, what: 'SQL', query: `"' OR 1=1--"`, finds: [messages.sql] },
  { number: 78, what: 'SQL bare', query: `' OR 1=1--`, finds: [messages.quote, messages.sql], note: 'words' },
  { number: 78, what: 'SQL in a field', query: `source:"x' OR '1'='1"`, finds: [] },
  { number: 78, what: 'a second statement', query: `source:"x'; DROP TABLE record; --"`, finds: [] },
  { number: 78, what: 'SQL in a name', query: `data."a') OR 1=1 --":x`, finds: [] },
  { number: 78, what: 'a quote in a label', query: `label."a'\\"b":x`, finds: [] },
  { number: 78, what: '%', query: '%', finds: [messages.percent], note: 'no sign of LIKE means anything' },
  { number: 78, what: '_', query: '"_disk"', finds: [messages.percent] },
  { number: 78, what: 'a backslash', query: '"\\\\"', finds: [messages.quote] },
  { number: 78, what: 'a quote', query: '"\\""', finds: [messages.quote, messages.fts] },
  { number: 78, what: '*', query: 'message:*', finds: all },
  { number: 78, what: 'operators of a full-text index', query: '"NEAR(a b)"', finds: [messages.fts] },
  { number: 78, what: 'the same bare', query: 'NEAR(a b)', finds: null },
  { number: 78, what: 'an open quote', query: '"', finds: null },
  { number: 78, what: 'a control in a field', query: 'source:"a\u0000b"', finds: [] },
  { number: 78, what: '10 KiB', query: () => 'x'.repeat(10_240), finds: null },
  { number: 80, what: 'a regular expression', query: '"(a+)+$"', finds: [messages.regex], note: 'is text' },
  { number: 80, what: 'brackets without end', query: () => '('.repeat(1_500), finds: null },
  { number: 80, what: 'dashes without end', query: () => '-'.repeat(1_500), finds: null },
  { number: 80, what: 'NOT without end', query: () => 'NOT '.repeat(400), finds: null },
  {
    number: 80,
    what: '400 terms',
    query: () => `${'a OR '.repeat(400)}plain`,
    finds: all,
    note: 'the source has an a',
  },
  { number: 80, what: 'a pattern of stars', query: () => `message:${'*a'.repeat(500)}*b`, finds: [] },
];
