import type { Subject } from '../../pipeline/alerting/decision.ts';
import { maxListed } from '../../pipeline/alerting/outbox.ts';
import type { RecordedEvent, Severity } from '../../pipeline/event.ts';
import { renderHtml, type HtmlContent } from './html-template.ts';
import { countsText, fieldsOf, listedText } from './mail-parts.ts';

type About = Subject & { readonly key: string; readonly reason: string };

/** In characters; a longer message is among the fields, whole. */
const maxTitle = 200;

/** As on the page: each severity has a colour and a shape. The colours have a contrast of 3 and more on white and on
 *  near-black, where dark reading puts them. */
const looks: Readonly<Record<Severity, { readonly color: string; readonly shape: string }>> = {
  info: { color: '#6f7d8c', shape: '○' },
  warning: { color: '#b57a00', shape: '▲' },
  error: { color: '#e0532f', shape: '■' },
  critical: { color: '#dc2055', shape: '◆' },
};

/** The HTML part, which says what the text part says. Every value is escaped; nothing is loaded from anywhere. */
export function htmlBody(about: About, events: readonly RecordedEvent[], link: string | undefined): string {
  const [only] = events;
  const { severity } = about.headline;
  const content = about.count === 1 && only !== undefined ? single(only) : digest(about, events);
  return renderHtml({ ...looks[severity], severity, ...content, link, reason: about.reason, route: about.route });
}

type Told = Pick<HtmlContent, 'about' | 'title' | 'counts' | 'fields' | 'listed' | 'rest'>;

function single(event: RecordedEvent): Told {
  const isShort = event.message.length <= maxTitle;
  const fields = fieldsOf(event).filter(([name]) => name !== 'severity' && (name !== 'message' || !isShort));
  const title = isShort ? event.message : `${event.message.slice(0, maxTitle).toWellFormed()}…`;
  return { about: event.source, title, counts: '', fields, listed: [], rest: 0 };
}

function digest(about: About, events: readonly RecordedEvent[]): Told {
  const { count, headline, key } = about;
  const listed = events.slice(0, maxListed);
  return {
    about: headline.source,
    title: headline.message,
    counts: `${String(count)} events about ${key}: ${countsText(about)}`,
    fields: [],
    listed: listed.map((event) => ({ ...looks[event.severity], text: listedText(event) })),
    rest: count - listed.length,
  };
}
