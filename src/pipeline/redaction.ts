import type { Position } from './event.ts';
import type { RecordValue } from './record.ts';

/** Stands where the message was. */
const redactedMessage = '[redacted]';

/** The record without the content of the event at `position`: that event itself without message, labels and data, or a
 *  decision that quotes it without the quote. The same object when it holds nothing of it. */
export function withoutContent(value: RecordValue, position: Position): RecordValue {
  if (value.type === 'event' && value.position === position) {
    const { labels, data, ...kept } = value;
    const isBlank = kept.message === redactedMessage && labels === undefined && data === undefined;
    return isBlank ? value : { ...kept, message: redactedMessage };
  }
  if (value.type === 'notification.queued') {
    const headline = withoutQuote(value.headline, position);
    return headline === value.headline ? value : { ...value, headline };
  }
  return value;
}

/** What quotes an event, without the quote if it is the one at `position`; the same object if not. */
export function withoutQuote<Quote extends { readonly position: Position; readonly message: string }>(
  quote: Quote,
  position: Position,
): Quote {
  if (quote.position !== position || quote.message === redactedMessage) return quote;
  return { ...quote, message: redactedMessage };
}
