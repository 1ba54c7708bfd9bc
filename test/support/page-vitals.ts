import type { Browser, CDPSession, Page } from 'playwright-core';

/** What the page takes of the machine at one moment. */
export interface Vitals {
  /** Bytes of the page's objects, after what is garbage was collected. */
  readonly heap: number;
  /** Nodes of the document, and those that something still holds. */
  readonly nodes: number;
  /** Seconds of processor time since the page was opened: of its main thread, of two parts of that, and of all the
   *  browser's processes. */
  readonly busy: number;
  readonly script: number;
  readonly styleAndLayout: number;
  readonly browser: number;
}

/** A reader of them, by the browser's own protocol. */
export async function watchVitals(browser: Browser, page: Page): Promise<() => Promise<Vitals>> {
  const session = await page.context().newCDPSession(page);
  const processes = await browser.newBrowserCDPSession();
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('HeapProfiler.enable');
  return () => readVitals(session, processes);
}

async function readVitals(session: CDPSession, processes: CDPSession): Promise<Vitals> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
  const value = (name: string): number => {
    const found = metrics.find((metric) => metric.name === name);
    if (found === undefined) throw new Error(`the browser has no metric ${name}`);
    return found.value;
  };
  return {
    heap: value('JSHeapUsedSize'),
    nodes: value('Nodes'),
    busy: value('TaskDuration'),
    script: value('ScriptDuration'),
    styleAndLayout: value('LayoutDuration') + value('RecalcStyleDuration'),
    browser: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
  };
}
