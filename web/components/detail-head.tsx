import type { RecordedEvent } from '../../src/pipeline/event.ts';
import type { Row } from '../state/row.ts';
import { numberText } from '../texts/formats.ts';
import { momentText } from '../texts/moments.ts';
import { texts } from '../texts/texts.ts';
import { Folded } from './folded.tsx';
import { SeverityGlyph } from './severity-glyph.tsx';

/** A heading is read at a glance; what is longer is a text. */
const headingLength = 120;
/** Milliseconds. */
const usualWayMs = 1_000;

/** What happened, how bad it is, where, and when. From the row of the list while the whole event is on its way. */
export function DetailHead({ event }: { readonly event: RecordedEvent | Row }) {
  const { severity, message, source, position } = event;
  const isText = message.length > headingLength || message.includes('\n');
  const isResolved = 'status' in event ? event.status === 'resolved' : event.isResolved;
  return (
    <header class="what">
      <span class="badge">
        <SeverityGlyph severity={severity} />
        <span class="unseen">{texts.severity[severity]}</span>
      </span>
      <h2 class={isText ? 'text' : ''}>
        {isResolved && <span class="tag">{texts.resolved}</span>}
        <Folded text={message} characters={700} lines={12} />
      </h2>
      <p class="place">
        <bdi>{source}</bdi> · <time dateTime={event.time}>{momentText(Date.parse(event.time))}</time> ·{' '}
        <span class="whole">{texts.detail.position(numberText(position))}</span>
        {'receivedAt' in event && <Received event={event} />}
      </p>
    </header>
  );
}

/** When the hub got it, where that is not what took the event its way: the producer said another time. */
function Received({ event }: { readonly event: RecordedEvent }) {
  if (Math.abs(Date.parse(event.receivedAt) - Date.parse(event.time)) < usualWayMs) return null;
  return (
    <>
      {' · '}
      <time dateTime={event.receivedAt}>{texts.detail.received(momentText(Date.parse(event.receivedAt)))}</time>
    </>
  );
}
