import type { Subject } from '../../pipeline/alerting/decision.ts';
import { severities, type JsonValue, type RecordedEvent } from '../../pipeline/event.ts';

const maxListedMessage = 500;

/** `2 critical, 10 error`, the most serious first. */
export function countsText({ bySeverity }: Pick<Subject, 'bySeverity'>): string {
  return severities
    .toReversed()
    .filter((severity) => bySeverity[severity] > 0)
    .map((severity) => `${String(bySeverity[severity])} ${severity}`)
    .join(', ');
}

/** Everything that is known about an event, as names and values. */
export function fieldsOf(event: RecordedEvent): readonly (readonly [string, string])[] {
  const { message, severity, source, key, status, time, receivedAt, channel, id, position, labels, data } = event;
  return [
    ['message', message],
    ['severity', severity],
    ['source', source],
    ['key', key],
    ['status', status],
    ['time', time],
    ['received', receivedAt],
    ['channel', channel],
    ['id', id],
    ['position', String(position)],
    ...Object.entries(labels ?? {}).map(([name, value]) => [`label.${name}`, value] as const),
    ...Object.entries(data ?? {}).map(([name, value]) => [`data.${name}`, valueText(value)] as const),
  ];
}

/** An event's line in a digest: when, how serious, who, what. */
export function listedText({ time, severity, source, message }: RecordedEvent): string {
  const text = message.length > maxListedMessage ? `${message.slice(0, maxListedMessage).toWellFormed()}…` : message;
  return `${time} ${severity} ${source}: ${text}`;
}

/** Text as it may be shown: controls, and signs that change the direction of writing, could make it look like another. */
export function shown(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])\p{Cc}|[\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}

function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
