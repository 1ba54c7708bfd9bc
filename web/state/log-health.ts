import { signal } from '@preact/signals';
import { logHealthReader, type LogHealth } from '../api/health-api.ts';
import { Poll } from './poll.ts';

const idleMs = 5_000;
const busyMs = 2_000;
const readHealth = logHealthReader(document.baseURI);

/** How the log was when the hub said it last; null before that. */
export const logHealth = signal<LogHealth | null>(null);

/** Asks how the log is as long as the page is open. Call it once. */
export function watchLog(): void {
  const poll = new Poll({ ask: readOn, idleMs, busyMs, isHidden: () => document.hidden });
  poll.restart();
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) poll.restart();
  });
}

/** A hub that does not answer says nothing about its log. */
async function readOn(request: AbortSignal): Promise<void> {
  const health = await readHealth(request).catch(() => null);
  if (health !== null) logHealth.value = health;
}
