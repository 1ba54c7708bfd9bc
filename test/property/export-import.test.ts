import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readImportLine } from '../../src/cli/import-line.ts';
import { plainJson } from '../../src/cli/plain-text.ts';
import { parseDraftText } from '../../src/pipeline/draft.ts';
import { importLimits } from '../../src/pipeline/draft-limits.ts';
import type { EventDraft, RecordedEvent } from '../../src/pipeline/event.ts';
import { eventOf } from '../../src/pipeline/record.ts';
import { validDraft } from '../support/draft-arbitraries.ts';

const received = '2026-01-02T03:04:05.678Z';

function recorded(draft: EventDraft): RecordedEvent {
  const time = draft.time === null ? received : new Date(draft.time).toISOString();
  return { ...eventOf(draft, 'tcp', time, received), position: 42 };
}

/** The way of an event through `export` and `import`. */
function imported(event: RecordedEvent): RecordedEvent {
  const line = readImportLine(plainJson(JSON.parse(JSON.stringify(event))));
  if (line.kind !== 'draft') throw new Error(JSON.stringify(line));
  const text = JSON.stringify(line.draft);
  // The hub reads no longer line.
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(importLimits.maxBytes);
  const parsed = parseDraftText(text, undefined, importLimits);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.outcome));
  return recorded(parsed.draft);
}

function eventFrom(text: string): RecordedEvent {
  const parsed = parseDraftText(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.outcome));
  return recorded(parsed.draft);
}

it('an event is the same after export and import, whatever its fields', () => {
  fc.assert(
    fc.property(validDraft, (fields) => {
      const event = eventFrom(JSON.stringify(fields));
      expect(JSON.stringify(imported(event))).toBe(JSON.stringify(event));
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  ['is as deep as one may be', `{"message":"m","deep":${'['.repeat(15)}${']'.repeat(15)}}`],
  [
    'has as many names as one may have, inside of data and beside it',
    JSON.stringify({
      message: 'm',
      ...Object.fromEntries(Array.from({ length: 126 }, (_, at) => [`top${at}`, at])),
      data: Object.fromEntries(Array.from({ length: 128 }, (_, at) => [`in${at}`, at])),
    }),
  ],
  [
    'is longer as recorded than it was',
    `{"message":"m","numbers":[${Array.from({ length: 13_000 }, () => '1e20').join(',')}]}`,
  ],
  ['is mostly escapes', JSON.stringify({ message: 'm', text: '\u202e'.repeat(21_000) })],
])('an event that %s is the same after export and import', (_, text) => {
  const event = eventFrom(text);
  expect(imported(event)).toEqual(event);
  expect(plainJson(event).length).toBeLessThan(1_048_576);
});
