import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished, describe, expect, test } from 'vitest';
import { createHttpPublisher } from '../../src/client/http-publisher.ts';
import type { Publisher } from '../../src/client/publisher.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHubProcess } from '../support/hub.ts';
import { startMailCatcher, type CaughtMail, type MailCatcher } from '../support/mail-catcher.ts';
import { readMailDecisions } from '../support/mail-decisions.ts';
import { seededRandom } from '../support/random.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const kills = Number(process.env['MAIL_KILLS'] ?? 8);
const seed = Number(process.env['MAIL_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const eventsPerRun = 3;
const recipients = ['ops@example.com', 'second@example.com'];
const testTimeoutMs = 60_000 + kills * 15_000;

describe(`a hub killed while its mails go out (MAIL_KILL_SEED=${String(seed)})`, () => {
  const title = 'mails every event to everyone, and what it mails twice has the same Message-ID';
  test(title, { timeout: testTimeoutMs }, async () => {
    const random = seededRandom(seed);
    const refused = new Set<string>();
    const catcher = await startMailCatcher({
      pauseMs: () => random() * 30,
      // Some mails are put off once.
      refuses: (messageId) => random() < 0.05 && !refused.has(messageId) && refused.add(messageId).size > 0,
    });
    const http = await publishUnderKills(catcher, random);

    const expected = expectedIds(kills + 1).flatMap((id) => recipients.map((to) => ({ to, id })));
    await waitFor(async () => (await readMailDecisions(http)).ended.length >= expected.length, {
      within: 60_000,
      what: `${String(expected.length)} mails decided`,
    });
    const { positions, ended, sent } = await readMailDecisions(http);
    expect(positions.size).toBe((kills + 1) * (eventsPerRun + 1));
    expect(ended.toSorted()).toEqual(expected.map(({ to, id }) => `${to} ${String(positions.get(id))}`).toSorted());
    expectAllCaught(
      catcher,
      expected.map(({ to, id }) => `${to} ${id}`),
      sent,
    );
  });
});

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
  for (let run = 0; run < kills; run += 1) {
    verdicts.push(...publishRun(publisher, run));
    const enough = catcher.mails.length + Math.floor(random() * eventsPerRun);
    await waitFor(() => catcher.mails.length >= enough, { within: 30_000, what: 'a few mails of this run' });
    await delay(random() * 100);
    if (catcher.open() > 0) killedOnTheWay += 1;
    await hub.kill();
    hub = await startHubProcess(place);
  }
  verdicts.push(...publishRun(publisher, kills));
  expect((await Promise.all(verdicts)).filter(({ ok }) => !ok)).toEqual([]);
  // Else this shows nothing.
  expect(killedOnTheWay).toBeGreaterThan(0);
  return hub.http;
}

/** Each from a source of its own, so that it is mailed at once, and one that nobody is mailed about. */
function publishRun(publisher: Publisher, run: number) {
  const ids = Array.from({ length: eventsPerRun }, (_, index) => idOf(run, index));
  return [
    ...ids.map((id) => publisher.publish({ id, source: id, severity: 'critical', message: `about ${id}.` })),
    publisher.publish({ id: `quiet-${String(run)}`, source: 'quiet', message: 'nothing to see' }),
  ];
}

function idOf(run: number, index: number): string {
  return `event-${String(run)}-${String(index)}`;
}

function expectedIds(runs: number): string[] {
  return Array.from({ length: runs * eventsPerRun }, (_, count) =>
    idOf(Math.floor(count / eventsPerRun), count % eventsPerRun),
  );
}

function expectAllCaught(
  { mails }: MailCatcher,
  expected: readonly string[],
  sent: readonly { readonly id: string; readonly to: string }[],
): void {
  const about = (mail: CaughtMail) => `${mail.to} ${/about (event-\d+-\d+)\./.exec(mail.text)?.[1] ?? 'nothing'}`;
  expect([...new Set(mails.map(about))].toSorted()).toEqual(expected.toSorted());
  // As many Message-IDs as mails: a double has that of the first.
  const caught = new Set(mails.map((mail) => `${mail.messageId} ${mail.to}`));
  expect(caught.size).toBe(expected.length);
  for (const { id, to } of sent) {
    expect([...caught].filter((each) => each.includes(`.${id}@`) && each.endsWith(` ${to}`))).toHaveLength(1);
  }
}
