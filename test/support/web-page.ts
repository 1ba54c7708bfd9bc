import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { waitFor } from './deadline.ts';

/** The dashboard in a browser, as a person sees it. */
export interface WebPage {
  readonly page: Page;
  /** What the browser found wrong with the page: errors of its scripts, and breaches of its content security policy. */
  readonly problems: readonly string[];
  /** The messages in the list, from the top, of the rows that are drawn. */
  readonly messages: () => Promise<string[]>;
  /** Resolves when exactly these messages are in the list, from the top. */
  readonly showing: (messages: readonly string[]) => Promise<void>;
  /** Resolves when the page says that it is live. */
  readonly live: () => Promise<void>;
}

/** Opens the dashboard in a browser profile of its own, closed when the test has finished. */
export async function openWebPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WebPage> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 860 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems = watchProblems(page);
  await page.addInitScript({ content: reportBreaches });
  await page.goto(url);
  const messages = () => page.locator('.event .text bdi').allTextContents();
  return {
    page,
    problems,
    messages,
    showing: async (wanted) => {
      const isShown = async () => JSON.stringify(await messages()) === JSON.stringify(wanted);
      await waitFor(isShown, { within: showMs, what: `the list to show ${wanted.join(', ')}` });
    },
    live: () => page.locator('.connection.live').waitFor(),
  };
}

/** Longer than the client's longest pause between two attempts to connect, 10 s, on a machine that is busy besides. */
const showMs = 25_000;

const breach = 'content security policy breach: ';

/** Runs in the page, before its own scripts. */
const reportBreaches = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('${breach}' + event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
});`;

function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.text().startsWith(breach)) problems.push(message.text());
  });
  return problems;
}
