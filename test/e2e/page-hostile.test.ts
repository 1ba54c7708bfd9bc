import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { waitFor } from '../support/deadline.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { mailSettings } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { sendOverTcp } from '../support/tcp-lines.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Each would set `owned` if any of it were taken for markup, a link or a template. */
const payloads = [
  '<img src=x onerror="window.owned=1">',
  '<svg onload="window.owned=1">',
  '</script><script>window.owned=1</script>',
  '"><iframe srcdoc="<script>parent.owned=1</script>">',
  'javascript:window.owned=1',
  'data:text/html,<script>window.owned=1</script>',
  "{{constructor.constructor('window.owned=1')()}} ${window.owned=1} <%= window.owned=1 %>",
  '<a href="javascript:window.owned=1">link</a><base href="https://evil.example/">',
  '<style>*{background:url(https://evil.example/x)}</style><link rel=stylesheet href=https://evil.example/x>',
] as const;

const drafts = payloads.map((text, index) => ({
  source: text.slice(0, 128),
  key: `${String(index)} ${text}`,
  id: `${String(index)} ${text}`,
  severity: 'critical',
  message: `${String(index)} ${text}`,
  labels: { [text.slice(0, 64)]: text },
  data: { [text]: text, url: text, nested: { [text]: [text] } },
}));

/** What of the payloads has become part of the page, and whether anything of them ran. */
async function damageIn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => [
    ...('owned' in window ? ['a script ran'] : []),
    ...[...document.querySelectorAll('[onerror],[onload],iframe,base,object,embed,img[src="x"]')].map(
      (e) => e.outerHTML,
    ),
    ...[...document.querySelectorAll('a')]
      .map(({ href }) => href)
      .filter((href) => /^(?:javascript|data):|^https?:\/\/evil/.test(href)),
    ...[...document.scripts].filter(({ src }) => src === '').map(({ text }) => text),
  ]);
}

describe('67: markup in every field', () => {
  it('would be found if it were markup', async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.setContent(payloads.join('\n'));
    const damage = await damageIn(page);
    expect(damage.length).toBeGreaterThan(payloads.length / 2);
    expect(damage).toContain('a script ran');
  });

  it('is text in the list, the panel, the search, the toasts, the overview and the mails', async () => {
    const { port, received } = await startMailServer();
    const hub = await startHubProcess({ dataDir: await makeTempDir(), env: mailSettings(port) });
    await sendOverTcp(hub, drafts.slice(0, -1));
    const { page, problems, live, messages } = await openWebPage(browser, hub.http);
    await live();
    await waitFor(async () => (await messages()).length === drafts.length - 1, { what: 'the list', within: 20_000 });
    expect(await messages()).toEqual(
      drafts
        .slice(0, -1)
        .map(({ message }) => message)
        .reverse(),
    );
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));

    for (const { message } of drafts.slice(0, -1)) {
      await page.locator('.event .text bdi').getByText(message, { exact: true }).click();
      const panel = page.getByRole('complementary');
      await panel.getByRole('heading', { name: message }).waitFor();
      expect(await damageIn(page)).toEqual([]);
    }
    // What comes while another event is open is told in a toast.
    await sendOverTcp(hub, drafts.slice(-1));
    await page.locator('.toast').first().waitFor();
    expect(await page.locator('.toast .message').first().textContent()).toBe(drafts.at(-1)?.message);

    for (const text of payloads) {
      await page.goto(`${hub.http}/?q=${encodeURIComponent(`"${text.replace(/["\\]/g, '\\$&')}"`)}`);
      await live();
      await page.goto(
        `${hub.http}/?q=${encodeURIComponent(text)}&at=${encodeURIComponent(text)}&view=${encodeURIComponent(text)}`,
      );
      await page.locator('#app, body > *').first().waitFor();
      expect(await damageIn(page)).toEqual([]);
    }
    await page.goto(`${hub.http}/?view=mails`);
    await page.getByRole('row').filter({ hasText: '[CRITICAL]' }).first().waitFor();
    expect(await damageIn(page)).toEqual([]);
    expect(problems).toEqual([]);
    expect(asked.filter((url) => new URL(url).origin !== hub.http)).toEqual([]);
    await waitFor(() => received.length > 0, { what: 'a mail', within: 20_000 });
  });

  it('is text in the mails themselves, which load nothing', async () => {
    const { port, received } = await startMailServer();
    const hub = await startHubProcess({ dataDir: await makeTempDir(), env: mailSettings(port) });
    await sendOverTcp(hub, drafts);
    await waitFor(() => received.length >= drafts.length, { what: 'the mails', within: 30_000 });
    const asked: string[] = [];
    for (const { mail } of received) {
      // A reader without any protection: whatever could run, would.
      const reader = await browser.newPage();
      reader.on('request', (request) => asked.push(request.url()));
      await reader.setContent(String(mail.html));
      expect(await damageIn(reader)).toEqual([]);
      await reader.close();
    }
    expect(asked).toEqual([]);
  });
});

/** A page of another origin, which is what a stranger's site is to the hub. */
async function openForeignPage(): Promise<Page> {
  const site: Server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>evil</title>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    site.closeAllConnections();
    site.close();
  });
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://localhost:${String((site.address() as AddressInfo).port)}/`);
  return page;
}

const headOf = async ({ http }: HubProcess): Promise<number> =>
  ((await (await fetch(`${http}/api/events?limit=0`)).json()) as { head: number }).head;

describe('a page of another origin', () => {
  it('cannot read events', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    await sendOverTcp(hub, [{ message: 'private' }]);
    const page = await openForeignPage();
    const read = await page.evaluate(async (http) => {
      const attempt = async (mode: RequestMode) => {
        try {
          return await (await fetch(`${http}/api/events`, { mode })).text();
        } catch {
          return 'refused';
        }
      };
      const source = new EventSource(`${http}/api/events?after=0`);
      const streamed = new Promise<string>((resolve) => {
        source.onmessage = ({ data }) => resolve(String(data));
        source.onerror = () => resolve('refused');
      });
      const script = document.createElement('script');
      script.src = `${http}/api/events`;
      const included = new Promise<string>((resolve) => {
        script.onload = () => resolve('loaded');
        script.onerror = () => resolve('refused');
      });
      document.head.append(script);
      return [await attempt('cors'), await attempt('no-cors'), await streamed, await included];
    }, hub.http);
    expect(read.filter((text) => text.includes('private'))).toEqual([]);
    expect([read[0], read[2], read[3]]).toEqual(['refused', 'refused', 'refused']);
  });

  it('cannot post, in any way that a browser has', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    const page = await openForeignPage();
    await page.evaluate(async (http) => {
      const body = '{"message":"forged"}';
      const url = `${http}/api/events`;
      for (const type of ['application/json', 'text/plain', 'application/x-ndjson']) {
        for (const mode of ['cors', 'no-cors'] as const) {
          await fetch(url, { method: 'POST', mode, headers: { 'Content-Type': type }, body }).catch(() => undefined);
        }
      }
      navigator.sendBeacon(url, new Blob([body], { type: 'text/plain' }));
      const form = document.createElement('form');
      form.method = 'post';
      form.enctype = 'text/plain';
      form.action = url;
      const field = document.createElement('input');
      [field.name, field.value] = ['{"message":"forged","x":"', '"}'];
      form.append(field);
      document.body.append(form);
      form.submit();
    }, hub.http);
    await page.waitForURL(`${hub.http}/api/events`);
    expect(await page.textContent('body')).toContain('"ok":false');
    expect(await headOf(hub)).toBe(0);
  });

  it('cannot open the socket', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    await sendOverTcp(hub, [{ message: 'private' }]);
    const page = await openForeignPage();
    const came = await page.evaluate(
      (ws) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(`${ws}?after=0`);
          socket.onopen = () => resolve('open');
          socket.onmessage = ({ data }) => resolve(String(data));
          socket.onerror = () => resolve('refused');
        }),
      hub.ws,
    );
    expect(came).toBe('refused');
  });

  it('cannot show the dashboard within itself', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    const page = await openForeignPage();
    await page.setContent(`<iframe src="${hub.http}/"></iframe>`);
    const frame = await waitFor(() => page.frames()[1], { what: 'the frame' });
    await frame.waitForLoadState();
    expect(await frame.locator('.connection').count()).toBe(0);
  });
});
