import { describe, expect, test } from 'vitest';
import { framedHtml, listPage, mailPage } from '../../demo/mails/pages.ts';
import type { CaughtMail } from '../../demo/mails/caught-mail.ts';

const hostile = `"><script>alert(1)</script>'&`;
const escaped = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;';
const mail: CaughtMail = {
  id: 3,
  caughtAt: 0,
  from: hostile,
  to: [hostile],
  subject: hostile,
  text: hostile,
  html: hostile,
  source: hostile,
};

describe('the pages of caught mails', () => {
  test("show a stranger's texts as texts", () => {
    for (const page of [listPage([mail]), mailPage(mail)]) {
      expect(page).toContain(escaped);
      expect(page).not.toContain('<script');
      expect(page).not.toContain(`"'`);
    }
  });

  test('list the newest mail first', () => {
    const page = listPage([
      { ...mail, id: 1, subject: 'older' },
      { ...mail, id: 2, subject: 'newer' },
    ]);
    expect(page).toMatch(/href="\/mails\/2">newer<.*href="\/mails\/1">older</s);
  });

  test("show a mail's HTML in a frame that runs nothing, and no frame when there is none", () => {
    expect(mailPage(mail)).toMatch(
      /<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"[^>]*src="\/mails\/3\/html"/s,
    );
    expect(mailPage({ ...mail, html: null })).not.toContain('<iframe');
  });

  test("open a mail's links outside of the frame", () => {
    expect(framedHtml('<html><head lang="en"><title>x</title></head>')).toBe(
      '<html><head lang="en"><base target="_blank"><title>x</title></head>',
    );
    expect(framedHtml('<p>$& x</p>')).toBe('<base target="_blank"><p>$& x</p>');
  });
});
