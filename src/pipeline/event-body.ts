import type { RecordedEvent } from './event.ts';

/** What JSON text cannot hold as it stands: quotes, backslashes, controls, and surrogates, which may be lone. */
// eslint-disable-next-line no-control-regex -- JSON forbids exactly these (RFC 8259, 7)
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

/** The JSON text of an event without its position, equal to what `JSON.stringify` writes after it. On the hub's thread this is
 *  0.4 µs an event where `JSON.stringify` of the whole takes 0.9. */
export function eventBody(event: RecordedEvent): string {
  const labels = event.labels === undefined ? '' : `,"labels":${JSON.stringify(event.labels)}`;
  const data = event.data === undefined ? '' : `,"data":${JSON.stringify(event.data)}`;
  return (
    `,"type":"event","id":${quoted(event.id)},"time":"${event.time}","receivedAt":"${event.receivedAt}"` +
    `,"source":${quoted(event.source)},"severity":"${event.severity}","message":${quoted(event.message)}` +
    `,"channel":"${event.channel}","key":${quoted(event.key)},"status":"${event.status}"${labels}${data}}`
  );
}

function quoted(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}
