import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventBody } from '../../src/pipeline/event-body.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { recordJson } from '../../src/pipeline/record.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('"', '\\', '\u0000', '\u2028', '\ud800'),
);
const instant = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const event: fc.Arbitrary<RecordedEvent> = fc.record(
  {
    position: fc.nat(),
    type: fc.constant('event' as const),
    id: text,
    time: instant,
    receivedAt: instant,
    source: text,
    severity: fc.constantFrom('info', 'warning', 'error', 'critical'),
    message: text,
    channel: fc.constantFrom('tcp', 'http', 'ws'),
    key: text,
    status: fc.constantFrom('firing', 'resolved'),
    labels: fc.dictionary(text, text),
    data: fc.dictionary(text, fc.jsonValue()),
  },
  {
    requiredKeys: [
      'position',
      'type',
      'id',
      'time',
      'receivedAt',
      'source',
      'severity',
      'message',
      'channel',
      'key',
      'status',
    ],
  },
) as fc.Arbitrary<RecordedEvent>;

describe('the text of an event', () => {
  test('is to the letter what JSON.stringify writes', () => {
    fc.assert(
      fc.property(event, (value) => {
        expect(recordJson(value.position, eventBody(value))).toBe(JSON.stringify(value));
      }),
    );
  });
});
