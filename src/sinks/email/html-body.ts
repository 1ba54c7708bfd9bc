import type { Subject } from '../../pipeline/alerting/decision.ts';
import type { RecordedEvent } from '../../pipeline/event.ts';
import { countsText, fieldsOf, listedText, maxListed, shown } from './mail-parts.ts';

type About = Subject & { readonly key: string; readonly reason: string };

/** The HTML part, which says what the text part says. Every value is escaped; nothing is loaded from anywhere. */
export function htmlBody(about: About, events: readonly RecordedEvent[], link: string | undefined): string {
  const [only] = events;
  const body = about.count === 1 && only !== undefined ? single(only) : digest(about, events);
  const anchor = link === undefined ? '' : `<p><a href="${escapeHtml(link)}">Open in the hub</a></p>`;
  const why = `<p>Why: ${escapeHtml(about.reason)}<br>Route: ${escapeHtml(about.route)}</p>`;
  return `<!doctype html><html><head><meta charset="utf-8"></head><body>${body}${why}${anchor}</body></html>`;
}

function single(event: RecordedEvent): string {
  const rows = fieldsOf(event).map(
    ([name, value]) =>
      `<tr><th align="left" valign="top">${escapeHtml(name)}</th><td style="white-space:pre-wrap">${escapeHtml(value)}</td></tr>`,
  );
  return `<table>${rows.join('\n')}</table>`;
}

function digest(about: About, events: readonly RecordedEvent[]): string {
  const { count, headline, key } = about;
  const listed = events.slice(0, maxListed);
  const rest = count - listed.length;
  const items = listed.map((event) => `<li style="white-space:pre-wrap">${escapeHtml(listedText(event))}</li>`);
  return [
    `<p><b>${String(count)} events about ${escapeHtml(key)}</b>: ${countsText(about)}</p>`,
    `<p>Most serious: ${headline.severity} ${escapeHtml(headline.source)}: ${escapeHtml(headline.message)}</p>`,
    `<ul>${items.join('\n')}</ul>`,
    rest > 0 ? `<p>${String(rest)} more are not listed</p>` : '',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return shown(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
