import { describe, expect, it } from 'vitest';
import { openBystanders, stageHub } from '../support/hostile-stage.ts';
import { ask, page, post, type Page } from '../support/hub-http.ts';
import { refusedUpgrade } from '../support/ws-client.ts';
import { messages, searchRows } from './rows/search.ts';

const stage = stageHub();
/** Generous against the 2 s after which a page ends early. */
const within = 5_000;

describe('a hostile query', () => {
  it.each(searchRows)('$number: $what finds what it says and nothing else', async ({ query, finds }) => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    for (const [id, message] of Object.entries(messages)) await post(hub.http, { source: 'search', id, message });
    const q = encodeURIComponent(typeof query === 'string' ? query : query());
    const begun = performance.now();
    const { status, body } = await ask(`${hub.http}/api/events?order=asc&source=search&q=${q}`);
    expect(performance.now() - begun).toBeLessThan(within);
    if (finds === null) {
      const refusal = { ok: false, code: 'invalid_query' };
      expect({ status, body }).toMatchObject({ status: 400, body: refusal });
      expect(await refusedUpgrade(hub.http, `?q=${q}`)).toMatchObject({ status: 400, body: refusal });
    } else {
      expect({ status, found: (body as Page).events.map(({ message }) => message) }).toEqual({
        ...{ status: 200, found: finds },
      });
    }
    await bystanders.expectUndisturbed();
    expect((await page(hub.http, 'limit=0')).head).toBeGreaterThan(0);
  });
});
