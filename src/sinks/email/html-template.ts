import { Eta } from 'eta';
import { shown } from './mail-parts.ts';

const { escapeFunction } = new Eta().config;
const eta = new Eta({ escapeFunction: (value) => escapeFunction(shown(String(value))) });

/** Looks the same in mail programs that ignore style sheets (so each style is on its element) and loads nothing. Every
 *  value is escaped; in programs that know how, dark reading turns the colours. */
const template = eta.compile(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<style>
@media (prefers-color-scheme: dark) {
  .page { background: #14171c !important; }
  .card { background: #1b1f26 !important; border-color: #323842 #323842 #323842 <%= it.color %> !important; }
  .ink { color: #e9ebee !important; }
  .soft { color: #a9b0ba !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:16px;background:#f6f7f9">
<table role="presentation" class="card ink" align="center" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;background:#ffffff;color:#20252c;border:1px solid #dfe3e8;border-left:4px solid <%= it.color %>;border-radius:6px;font:14px/20px system-ui,'Segoe UI',Helvetica,Arial,sans-serif">
<tr><td style="padding:16px 20px">
<p class="soft" style="margin:0 0 4px;color:#5b6470"><span style="color:<%= it.color %>"><%= it.shape %></span> <b class="ink" style="color:#20252c"><%= it.severity %></b> &middot; <%= it.about %></p>
<p style="margin:0 0 16px;font-size:18px;line-height:24px;font-weight:600;white-space:pre-wrap;overflow-wrap:anywhere"><%= it.title %></p>
<% if (it.counts !== '') { %>
<p style="margin:0 0 16px"><b><%= it.counts %></b></p>
<% } %>
<% if (it.fields.length > 0) { %>
<table cellpadding="0" cellspacing="0" style="margin:0 0 16px;font-size:13px">
<% for (const [name, value] of it.fields) { %>
<tr><th class="soft" align="left" valign="top" style="padding:2px 16px 2px 0;color:#5b6470;font-weight:400;white-space:nowrap"><%= name %></th><td valign="top" style="padding:2px 0;white-space:pre-wrap;overflow-wrap:anywhere"><%= value %></td></tr>
<% } %>
</table>
<% } %>
<% if (it.listed.length > 0) { %>
<table cellpadding="0" cellspacing="0" width="100%" style="margin:0 0 8px;font-size:13px">
<% for (const row of it.listed) { %>
<tr><td valign="top" style="padding:4px 8px 4px 0;border-top:1px solid #8884;color:<%= row.color %>"><%= row.shape %></td><td style="padding:4px 0;border-top:1px solid #8884;white-space:pre-wrap;overflow-wrap:anywhere"><%= row.text %></td></tr>
<% } %>
</table>
<% } %>
<% if (it.rest > 0) { %>
<p class="soft" style="margin:0 0 16px;color:#5b6470"><%= it.rest %> more <%= it.rest === 1 ? 'is' : 'are' %> not listed</p>
<% } %>
<% if (it.link !== undefined) { %>
<p style="margin:16px 0"><a href="<%= it.link %>" style="display:inline-block;padding:8px 16px;border-radius:6px;background:#2563c9;color:#ffffff;text-decoration:none">Open in the hub</a></p>
<% } %>
<p class="soft" style="margin:16px 0 0;font-size:12px;color:#5b6470">Why: <%= it.reason %><br>Route: <%= it.route %></p>
</td></tr>
</table>
</body>
</html>
`);

/** What the HTML part says. */
export interface HtmlContent {
  /** Of the most serious event: `#rrggbb`, and a sign for who cannot tell the colours apart. */
  readonly color: string;
  readonly shape: string;
  readonly severity: string;
  readonly about: string;
  readonly title: string;
  /** Empty when it is about one event. */
  readonly counts: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly listed: readonly { readonly color: string; readonly shape: string; readonly text: string }[];
  /** How many events are not listed. */
  readonly rest: number;
  readonly link: string | undefined;
  readonly reason: string;
  readonly route: string;
}

export function renderHtml(content: HtmlContent): string {
  return eta.render(template, content);
}
