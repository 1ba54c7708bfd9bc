import type { CaughtMail } from './caught-mail.ts';
import { html, type Markup } from './markup.ts';

export const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.25rem; }
p { color: GrayText; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); text-align: left; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { padding: 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { width: 100%; height: 34rem; border: 1px solid GrayText; background: white; }
`;

/** All mails, the newest first. Comes again by itself, so that new ones appear. */
export function listPage(mails: readonly CaughtMail[]): string {
  const rows = mails.toReversed().map(
    ({ id, caughtAt, to, subject }) =>
      html`<tr>
        <td class="time">${timeOf(caughtAt)}</td>
        <td><a href="/mails/${id}">${subject}</a></td>
        <td>${to.join(', ')}</td>
      </tr>`,
  );
  const table = html`<table>
    <thead>
      <tr>
        <th>Caught at</th>
        <th>Subject</th>
        <th>To</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
  const nothing = html`<p>No mail yet. The first outage of the demo brings some within a minute.</p>`;
  return page(
    'Caught mails',
    html`<h1>Caught mails</h1>
      <p>What the hub of the demo has mailed. It was caught here; nothing has left this machine.</p>
      ${mails.length === 0 ? nothing : table}`,
    html`<meta http-equiv="refresh" content="3" />`,
  );
}

/** One mail, as text and as HTML side by side with what it looks like on the wire. The HTML comes in a frame that may
 *  run nothing and load nothing. */
export function mailPage({ id, caughtAt, from, to, subject, text, html: markup }: CaughtMail): string {
  const frame = html`<h2>HTML</h2>
    <iframe
      title="The mail as HTML"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      src="/mails/${id}/html"
    ></iframe>`;
  return page(
    subject,
    html`<p><a href="/">All mails</a> · <a href="/mails/${id}/source">Source</a></p>
      <h1>${subject}</h1>
      <dl>
        <dt>From</dt>
        <dd>${from}</dd>
        <dt>To</dt>
        <dd>${to.join(', ')}</dd>
        <dt>Caught at</dt>
        <dd>${timeOf(caughtAt)}</dd>
      </dl>
      ${markup === null ? '' : frame}
      <h2>Text</h2>
      <pre>${text}</pre>`,
  );
}

/** The mail's own HTML, its links opening outside of the frame that it is shown in. */
export function framedHtml(markup: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(markup) ? markup.replace(/<head[^>]*>/i, (head) => head + base) : base + markup;
}

function page(title: string, body: Markup, head: Markup | '' = ''): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString('en-GB');
}
