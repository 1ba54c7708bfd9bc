import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../bench/random.ts';
import { waitFor } from '../support/deadline.ts';
import { floodOverTcp } from '../support/flooding-producer.ts';
import { findFreePort } from '../support/free-port.ts';
import { page } from '../support/hub-http.ts';
import { countOf, runSeed } from '../support/long.ts';
import { mailSettings } from '../support/mail-hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { longestMedianMs, timedStart } from '../support/timed-start.ts';
import { fillLog } from '../support/written-log.ts';

const events = countOf(200_000, 1_000_000);
const kills = countOf(3, 10);
/** The hub keeps what alerting has made of the log every five seconds: a kill may come just before. */
const longestLoadMs = 6_000;
/** Unanswered ones of the one producer: as many as are commonly under way of all. */
const window = 4_000;

describe('a hub with a long log', () => {
  test(
    'is ready in three seconds after it was killed under load',
    { timeout: countOf(180_000, 3_600_000) },
    async () => {
      const random = createRandom(runSeed());
      // Mails that nobody takes: alerting has something to go on with at every start.
      const env = mailSettings(await findFreePort(), { HUB_ALERT_MIN_SEVERITY: 'warning' });
      const emptyStartMs = (await timedStart({ dataDir: await makeTempDir(), env })).startMs;
      const place = { dataDir: await makeTempDir(), env };
      fillLog(place.dataDir, events);
      let { hub, startMs } = await timedStart(place);
      const startsMs = [startMs];
      let due = events;
      for (let kill = 1; kill <= kills; kill += 1) {
        const producer = await floodOverTcp(hub, window);
        await waitFor(() => producer.acknowledged > window, { within: 30_000, what: 'load' });
        await delay(random() * longestLoadMs);
        await hub.kill();
        due += producer.acknowledged;
        ({ hub, startMs } = await timedStart(place));
        startsMs.push(startMs);
        const { head } = await page(hub.http, 'limit=0');
        expect(head, 'every acknowledged event is there').toBeGreaterThanOrEqual(due);
        due = head;
      }
      const texts = startsMs.map((ms) => ms.toFixed()).join(', ');
      process.stderr.write(
        `${due} events: ready after ${texts} ms; without a log after ${emptyStartMs.toFixed()} ms\n`,
      );
      const median = startsMs.sort((one, other) => one - other)[startsMs.length >> 1];
      expect(median).toBeLessThanOrEqual(longestMedianMs(emptyStartMs));
    },
  );
});
