import type { Subject } from '../../pipeline/alerting/decision.ts';
import { maxListed } from '../../pipeline/alerting/outbox.ts';
import type { RecordedEvent } from '../../pipeline/event.ts';
import { countsText, fieldsOf, listedText, shown } from './mail-parts.ts';

type About = Subject & { readonly key: string; readonly reason: string };

/** The text part: one event with everything about it, or a list of many. Lines of a producer's text after its first are
 *  indented, so that none passes for a line of ours. */
export function textBody(about: About, events: readonly RecordedEvent[], link: string | undefined): string {
  const [only] = events;
  const lines = about.count === 1 && only !== undefined ? single(only) : digest(about, events);
  const end = [
    `Why: ${indented(about.reason)}`,
    `Route: ${indented(about.route)}`,
    ...(link === undefined ? [] : [link]),
  ];
  return [...lines, '', ...end, ''].join('\n');
}

function single(event: RecordedEvent): string[] {
  return fieldsOf(event).map(([name, value]) => `${indented(name)}: ${indented(value)}`);
}

function digest(about: About, events: readonly RecordedEvent[]): string[] {
  const { count, headline, key } = about;
  const listed = events.slice(0, maxListed);
  const rest = count - listed.length;
  return [
    `${String(count)} events about ${indented(key)}: ${countsText(about)}`,
    `Most serious: ${headline.severity} ${indented(headline.source)}: ${indented(headline.message)}`,
    '',
    ...listed.map((event) => `* ${indented(listedText(event))}`),
    ...(rest > 0 ? [`${String(rest)} more ${rest === 1 ? 'is' : 'are'} not listed`] : []),
  ];
}

function indented(text: string): string {
  return shown(text).replace(/\n/g, '\n    ');
}
