import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished, describe, expect, test } from 'vitest';
import { createHttpPublisher } from '../../src/client/http-publisher.ts';
import type { Publisher } from '../../src/client/publisher.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHubProcess } from '../support/hub.ts';
import { countOf, runSeed } from '../support/long.ts';
import { startMailCatcher, type CaughtMail, type MailCatcher } from '../support/mail-catcher.ts';
import { readMailDecisions } from '../support/mail-decisions.ts';
import { createRandom } from '../../bench/random.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** Of one hub. One event before each and one after the last, and no recipient gets more at once than the hub may send. */
const kills = 5;
const recipients = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.com`);
const ids = Array.from({ length: kills + 1 }, (_, run) => `event-${String(run)}`);
const hubs = Array.from({ length: countOf(1, 20) }, (_, index) => index + 1);
const seed = runSeed();

describe('a hub killed while its mails go out', () => {
  const title = 'mails every event to everyone, and what it mails twice has the same Message-ID (hub %i)';
  test.each(hubs)(title, { timeout: 180_000 }, async (number) => {
    const random = createRandom(seed + number);
    const catcher = await startMailCatcher({ pauseMs: () => random() * 30, refuses: onceEach(() => random() < 0.05) });
    const http = await publishUnderKills(catcher, random);

    const expected = ids.flatMap((id) => recipients.map((to) => ({ to, id })));
    await waitFor(async () => (await readMailDecisions(http)).ended.length >= expected.length, {
      within: 60_000,
      what: `${String(expected.length)} mails decided`,
    });
    const { positions, ended, sent } = await readMailDecisions(http);
    expect([...positions.keys()].toSorted()).toEqual([...ids, ...ids.map(quietOf)].toSorted());
    expect(ended.toSorted()).toEqual(expected.map(({ to, id }) => `${to} ${String(positions.get(id))}`).toSorted());
    const wanted = expected.map(({ to, id }) => `${to} ${id}`);
    expectAllCaught(catcher, wanted, sent);
  });
});

/** Puts some mails off, none of them twice. */
function onceEach(isChosen: () => boolean): (messageId: string) => boolean {
  const refused = new Set<string>();
  return (messageId) => {
    if (refused.has(messageId) || !isChosen()) return false;
    refused.add(messageId);
    return true;
  };
}

/** Returns the URL of the hub that is left. */
async function publishUnderKills(catcher: MailCatcher, random: () => number): Promise<string> {
  const env = { ...catcher.env, HUB_ALERT_TO: recipients.join(',') };
  const place = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort(), env };
  let hub = await startHubProcess(place);
  const publisher = createHttpPublisher({ url: hub.http, backoff: { baseMs: 20, maxMs: 100 } });
  onTestFinished(() => {
    publisher.close();
  });
  const verdicts: Promise<{ readonly ok: boolean }>[] = [];
  let killedOnTheWay = 0;
  for (const id of ids.slice(0, kills)) {
    verdicts.push(...publishAbout(publisher, id));
    const enough = catcher.mails.length + Math.floor(random() * recipients.length);
    await waitFor(() => catcher.mails.length >= enough, { within: 30_000, what: 'a few of the mails' });
    await delay(random() * 100);
    if (catcher.open() > 0) killedOnTheWay += 1;
    await hub.kill();
    hub = await startHubProcess(place);
  }
  verdicts.push(...publishAbout(publisher, ids[kills] ?? ''));
  expect((await Promise.all(verdicts)).filter(({ ok }) => !ok)).toEqual([]);
  // Else this shows nothing.
  expect(killedOnTheWay).toBeGreaterThan(0);
  return hub.http;
}

/** From a source of its own, so that it is mailed at once, and one more that nobody is mailed about. */
function publishAbout(publisher: Publisher, id: string) {
  return [
    publisher.publish({ id, source: id, severity: 'critical', message: `about ${id}.` }),
    publisher.publish({ id: quietOf(id), source: 'quiet', message: 'nothing to see' }),
  ];
}

function quietOf(id: string): string {
  return `quiet-${id}`;
}

function expectAllCaught(
  { mails }: MailCatcher,
  wanted: readonly string[],
  sent: readonly { readonly id: string; readonly to: string }[],
): void {
  const about = ({ to, text }: CaughtMail) => `${to} ${/about (event-\d+)\./.exec(text)?.[1] ?? 'nothing'}`;
  expect([...new Set(mails.map(about))].toSorted()).toEqual(wanted.toSorted());
  // As many Message-IDs as mails: a double has that of the first.
  const caught = new Set(mails.map(({ messageId, to }) => `${messageId} ${to}`));
  expect(caught.size).toBe(wanted.length);
  for (const { id, to } of sent) {
    expect([...caught].filter((each) => each.includes(`.${id}@`) && each.endsWith(` ${to}`))).toHaveLength(1);
  }
}
