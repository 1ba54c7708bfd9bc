import { describe, expect, it } from 'vitest';
import { channels, type Channel } from '../support/hostile-delivery.ts';
import { page } from '../support/hub-http.ts';
import { openBystanders, stageHub } from '../support/hostile-stage.ts';
import { draftRows } from './rows/drafts.ts';

const stage = stageHub();
const names = Object.keys(channels) as Channel[];

describe('a hostile draft', () => {
  it.each(draftRows)('$number: $what is answered $answer, and nobody else notices', async ({ text, answer, but }) => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    const draft = typeof text === 'string' ? text : text();
    const answers: Partial<Record<Channel, string>> = {};
    for (const name of names) answers[name] = await channels[name](hub, draft);
    const wanted = Object.fromEntries(names.map((name) => [name, but?.[name] ?? answer]));
    expect(withoutDuplicates(answers)).toEqual(wanted);
    await bystanders.expectUndisturbed();
  });
});

describe('an id', () => {
  it('28: that comes again is answered as a duplicate, and with other content refused', async () => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    for (const name of names) {
      const draft = { source: `row 28 ${name}`, id: 'a/../b', message: 'x' };
      const deliver = (change: object) => channels[name](hub, JSON.stringify({ ...draft, ...change }));
      expect([name, await deliver({}), await deliver({}), await deliver({ message: 'y' })]).toEqual([
        ...[name, 'ok', 'duplicate', 'id_conflict'],
      ]);
    }
    await bystanders.expectUndisturbed();
  });

  it('29: that comes at once on every channel is recorded once', async () => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    const draft = JSON.stringify({ source: 'row 29', id: 'one', message: 'x' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => names.map((name) => channels[name](hub, draft))).flat(),
    );
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'duplicate')).toHaveLength(answers.length - 1);
    expect((await page(hub.http, 'q=source:%22row+29%22')).events).toHaveLength(1);
    await bystanders.expectUndisturbed();
  });
});

/** An id that came through one channel is a duplicate on the next, and as good as accepted. */
function withoutDuplicates(answers: object): object {
  return Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [name, answer === 'duplicate' ? 'ok' : (answer as string)]),
  );
}
