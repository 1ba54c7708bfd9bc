import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDraftText } from '../../src/pipeline/draft.ts';
import {
  severities,
  statuses,
  type EventDraft,
  type JsonObject,
  type RecordedEvent,
} from '../../src/pipeline/event.ts';
import { bodyOf, eventOf, recordJson } from '../../src/pipeline/record.ts';
import { anyDraft, draftFields, timeAliases, validDraft } from '../support/draft-arbitraries.ts';

const receivedAt = '2026-01-01T00:00:00.000Z';
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const fieldOrder = [
  ...['position', 'type', 'id', 'time', 'receivedAt', 'source', 'severity', 'message', 'channel', 'key', 'status'],
  ...['labels', 'data'],
];

/** The event as the log gives it back. */
function recorded(draft: EventDraft): RecordedEvent {
  const time = draft.time === null ? receivedAt : new Date(draft.time).toISOString();
  return JSON.parse(recordJson(1, bodyOf(eventOf(draft, 'tcp', time, receivedAt)))) as RecordedEvent;
}

function expectRules(event: RecordedEvent): void {
  expect(fieldOrder.filter((name) => name in event)).toEqual(Object.keys(event));
  expect(event).toMatchObject({ position: 1, type: 'event', channel: 'tcp', receivedAt });
  expect(event.time).toMatch(isoTime);
  expect(Buffer.byteLength(event.message)).toBeGreaterThan(0);
  expect(Buffer.byteLength(event.message)).toBeLessThanOrEqual(8_192);
  for (const [value, limit] of [[event.source, 128] as const, [event.id, 128] as const, [event.key, 256] as const]) {
    expect(value.length).toBeGreaterThan(0);
    expect(value.length).toBeLessThanOrEqual(limit);
  }
  expect(severities).toContain(event.severity);
  expect(statuses).toContain(event.status);
  const labels = Object.entries(event.labels ?? {});
  expect(labels.length).toBeLessThanOrEqual(32);
  expect(labels.every(([name, value]) => name.length <= 64 && value.length <= 256)).toBe(true);
  expect(event.data === undefined || Object.getPrototypeOf(event.data) === Object.prototype).toBe(true);
}

/** Every value that was sent under a name of its own is in `data`, under that name with any number of underscores. */
function expectNothingLost(sent: JsonObject, event: RecordedEvent): void {
  const data: JsonObject = event.data ?? {};
  const inside = (sent['data'] ?? {}) as JsonObject;
  for (const [name, value] of Object.entries(inside)) expect(ownValue(data, name)).toEqual(value);
  const extras = Object.entries(sent).filter(([name]) => !draftFields.includes(name));
  let usedAliases = 0;
  const found = new Set<string>(Object.keys(inside));
  for (const [name, value] of extras) {
    const place = Object.keys(data).find(
      (key) =>
        key.replace(/^_*/, '') === name.replace(/^_*/, '') &&
        !found.has(key) &&
        key.endsWith(name) &&
        isEqual(ownValue(data, key), value),
    );
    if (place === undefined && timeAliases.includes(name)) usedAliases += 1;
    else {
      expect(place, `${name} is in ${JSON.stringify(data)}`).toBeDefined();
      found.add(place ?? '');
    }
  }
  expect(usedAliases).toBeLessThanOrEqual(sent['time'] === undefined || sent['time'] === null ? 1 : 0);
  expect(Object.keys(data)).toHaveLength(Object.keys(inside).length + extras.length - usedAliases);
}

function ownValue(object: JsonObject, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value as unknown;
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

describe('reading a draft', () => {
  it('accepts every draft that keeps the rules, and loses nothing of it', () => {
    fc.assert(
      fc.property(validDraft, (fields) => {
        const text = JSON.stringify(fields);
        const parsed = parseDraftText(text);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.outcome));
        const event = recorded(parsed.draft);
        expectRules(event);
        expectNothingLost(JSON.parse(text) as JsonObject, event);
      }),
      { numRuns: 500 },
    );
  });

  it('either accepts a draft and keeps every rule, or names what is wrong', () => {
    fc.assert(
      fc.property(anyDraft, (fields) => {
        const text = JSON.stringify(fields);
        const parsed = parseDraftText(text);
        if (parsed.ok) {
          const event = recorded(parsed.draft);
          expectRules(event);
          expectNothingLost(JSON.parse(text) as JsonObject, event);
          return;
        }
        const { outcome } = parsed;
        if (outcome.kind !== 'rejected') throw new Error(outcome.kind);
        expect(outcome.code).toBe('invalid_event');
        const [place = ''] = outcome.error.split(': must ');
        const names = ['event', ...Object.keys(fields)];
        expect(
          names.some((name) => place === name || place.startsWith(`${name}.`) || place.startsWith(`${name}[`)),
        ).toBe(true);
        expect(outcome.error).toMatch(/: must [^]+; got /);
        expect(outcome.error.isWellFormed()).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads a recorded event again as the same content', () => {
    fc.assert(
      fc.property(validDraft, (fields) => {
        const parsed = parseDraftText(JSON.stringify(fields));
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.outcome));
        const { id, time, source, severity, message, key, status, labels, data } = recorded(parsed.draft);
        const again = parseDraftText(
          JSON.stringify({ id, time, source, severity, message, key, status, labels, data }),
        );
        if (!again.ok) throw new Error(JSON.stringify(again.outcome));
        expect(recorded(again.draft)).toEqual(recorded(parsed.draft));
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.string()), (text) => {
        const parsed = parseDraftText(text);
        expect(parsed.ok || ['invalid_json', 'invalid_event'].includes((parsed.outcome as { code: string }).code)).toBe(
          true,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
