import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms, measure } from '../../bench/processes.ts';
import { launchChromium } from '../support/chromium.ts';
import { waitFor } from '../support/deadline.ts';
import { frameTimes, memoryOf, reportFlood, type Sample } from '../support/page-flood-report.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { page as pageOfLog } from '../support/hub-http.ts';
import { countOf, runSeed } from '../support/long.ts';
import { probePage } from '../support/page-probe.ts';
import { watchVitals } from '../support/page-vitals.ts';
import { get, type Stats } from '../support/stats-api.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';

const eventsPerSecond = 2_000;
const events = countOf(10, 60) * eventsPerSecond;
/** Every five seconds, or ten in the long run. */
const sampleEvery = countOf(5, 10) * eventsPerSecond;
/** Many times what is needed: only what grows with the events passes them, or a page that hangs. */
const most = { heapGrowth: 12 * 1024 ** 2, nodeGrowth: 4_000, rows: 100, frameMs: 15_000 };

let browser: Browser;
beforeAll(async () => {
  await buildPrograms();
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function openPage() {
  const hub = await startHubProcess({ dataDir: await makeTempDir() });
  const { page, problems, live, messages } = await openWebPage(browser, hub.http, { reducedMotion: 'no-preference' });
  await live();
  return { hub, page, problems, messages };
}

/** Sends the events, looks at page and hub meanwhile, and prints what was measured. */
async function flood(hub: HubProcess, page: Page, react: () => Promise<void>) {
  const vitals = await watchVitals(browser, page);
  const probe = await probePage(page);
  const samples: Sample[] = [];
  const sample = async (position: number) => {
    const rows = await page.locator('.event').count();
    samples.push({ position, vitals: await vitals(), rows, hubMemory: await memoryOf(hub.pid) });
  };
  await sample(0);
  const load = measure('pacedLoad', { port: hub.tcpPort, eventsPerSecond, events, seed: runSeed() });
  const look = async () => {
    for (let position = sampleEvery; position <= events; position += sampleEvery) {
      await probe.reach(position);
      await sample(position);
    }
  };
  const [{ sentAt }] = await Promise.all([load, react(), look()]);
  const record = await probe.read();
  process.stderr.write(`${reportFlood(record, sentAt, samples)}\n`);
  return { record, samples };
}

function expectBounded({ record, samples }: Awaited<ReturnType<typeof flood>>): void {
  const [before] = samples;
  expect(Math.max(...frameTimes(record))).toBeLessThan(most.frameMs);
  for (const { vitals, rows } of samples) {
    expect(vitals.heap - (before?.vitals.heap ?? 0)).toBeLessThan(most.heapGrowth);
    expect(vitals.nodes - (before?.vitals.nodes ?? 0)).toBeLessThan(most.nodeGrowth);
    expect(rows).toBeLessThan(most.rows);
  }
}

/** Once the flood is over: the newest events in the list, and the numbers of the tiles. */
async function expectAgreement(hub: HubProcess, page: Page, messages: () => Promise<string[]>): Promise<void> {
  const newest = page.locator(`.event[data-position="${String(events)}"]`);
  await newest.waitFor();
  const { bySeverity, total } = await get<Stats>(hub, '/api/stats?since=1h');
  expect(total).toBe(events);
  const wanted = [total, bySeverity.critical, bySeverity.error, bySeverity.warning].map((count) =>
    count.toLocaleString('en-GB'),
  );
  const tiles = async () => (await page.locator('.tile strong').allTextContents()).slice(0, wanted.length);
  await waitFor(async () => JSON.stringify(await tiles()) === JSON.stringify(wanted), {
    within: 30_000,
    what: `the tiles to show ${wanted.join(' ')}`,
  });
  const shown = await messages();
  const { events: logged } = await pageOfLog(hub.http, `limit=${String(shown.length)}`);
  expect(shown.length).toBeGreaterThan(10);
  expect(shown).toEqual(logged.map(({ message }) => message));
}

describe('the page in a flood of 2,000 events a second', () => {
  const timeout = 300_000;

  it('counts instead of showing rows, in bounded memory, and agrees with the log after it', { timeout }, async () => {
    const { hub, page, problems, messages } = await openPage();
    const floodBar = page.getByText('events a second. They are counted, not shown.');
    expectBounded(await flood(hub, page, () => floodBar.waitFor()));
    await floodBar.waitFor({ state: 'detached' });
    await expectAgreement(hub, page, messages);
    expect(problems).toEqual([]);
  });

  it('shows the rows going by to who wants to see them, in bounded memory too', { timeout }, async () => {
    const { hub, page, problems, messages } = await openPage();
    const showAll = page.getByRole('button', { name: 'Show all' });
    expectBounded(await flood(hub, page, () => showAll.click()));
    await expectAgreement(hub, page, messages);
    expect(problems).toEqual([]);
  });
});
