import fc from 'fast-check';

/** The fields of a draft that have a meaning of their own. */
export const draftFields = ['message', 'source', 'severity', 'id', 'time', 'key', 'status', 'labels', 'data'];
export const timeAliases = ['ts', 'timestamp', 'created_at'];

/** Those, and names that code could trip over. */
const names = [
  ...[...draftFields, ...timeAliases],
  ...['_message', '_host', '__host', 'host', '__proto__', 'constructor', 'prototype', 'toString', 'then', 'toJSON'],
  ...['', '\0', 'é', '0', 'position', 'type', 'receivedAt', 'channel'],
];
const name = fc.oneof(
  { arbitrary: fc.constantFrom(...names), weight: 4 },
  // Often enough to meet one another in `data`.
  { arbitrary: fc.constantFrom('host', '_host', '__proto__', '___proto__'), weight: 2 },
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
/** Lone surrogates, or lengths around the limits. */
const oddText = fc.oneof(
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 4 }),
  fc.constantFrom(0, 1, 64, 65, 128, 129, 256, 257, 2_730, 2_731, 8_192, 8_193).map((length) => '€'.repeat(length)),
);

/** The entries as own properties, `__proto__` among them, as `JSON.parse` makes them. */
function objectOf<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const object: Record<string, T> = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return object;
}

const { value, object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1e12, 1e308),
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(name, tie('value')), { maxLength: 6 }).map(objectOf),
}));

const severity = fc
  .constantFrom(
    ...['info', 'debug', 'notice', 'ok', 'warning', 'warn', 'error', 'err'],
    ...['critical', 'crit', 'alert', 'fatal', 'panic', 'emerg', 'emergency'],
  )
  .chain((word) => fc.mixedCase(fc.constant(word)));
const time = fc.oneof(
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc.double({ min: 0, max: 253_402_300_799_999, noNaN: true }),
);
const shortText = (maxLength: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((given) => {
    const cut = given.slice(0, maxLength);
    return cut.isWellFormed() ? cut : 'x';
  });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 8 });

/** A draft that keeps every rule. */
export const validDraft = fc
  .record(
    {
      message: shortText(100),
      source: orNull(shortText(128)),
      severity: orNull(severity),
      id: orNull(shortText(128)),
      time: orNull(time),
      key: orNull(shortText(256)),
      status: orNull(fc.constantFrom('firing', 'resolved')),
      labels: orNull(
        fc
          .array(
            fc.tuple(shortText(64), fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean())),
            { maxLength: 8 },
          )
          .map(objectOf),
      ),
      data: orNull(object),
      ts: fc.oneof(time, value),
    },
    { requiredKeys: ['message'] },
  )
  .chain((draft) => object.map((extras) => objectOf([...entriesBut(extras, draftFields), ...Object.entries(draft)])));

function entriesBut(fields: object, excluded: readonly string[]): [string, unknown][] {
  return Object.entries(fields).filter(([key]) => !excluded.includes(key));
}

/** A draft of which some fields may break their rule. */
export const anyDraft = fc
  .tuple(validDraft, fc.array(fc.tuple(name, fc.oneof(value, oddText)), { maxLength: 3 }))
  .map(([draft, changes]) => objectOf([...Object.entries(draft), ...changes]));
