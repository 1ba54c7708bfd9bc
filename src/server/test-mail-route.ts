import { isAddress } from '../pipeline/alerting/address.ts';
import type { TestMail } from '../pipeline/alerting/test-mail.ts';
import { RefusedError } from '../pipeline/codes.ts';
import { shown } from '../pipeline/field-error.ts';
import type { Exchange } from './exchange.ts';
import { readJsonBody } from './json-body.ts';
import { readParameters } from './parameters.ts';
import type { Route } from './router.ts';

/** Whoever may use this route can have the hub write to any address: enough to try settings, no use to a spammer. */
const maxPerMinute = 10;
const minuteMs = 60_000;
const maxBodyBytes = 4_096;

export interface TestMailRouteOptions {
  readonly sendTest: TestMail;
  readonly clock: () => number;
}

/** `POST /api/test-email` with `{"to":"me@example.com"}` answers `{"ok","reply"}` once the mail server has answered. */
export function testMailRoute({ sendTest, clock }: TestMailRouteOptions): Route {
  let recent: readonly number[] = [];
  return {
    method: 'POST',
    path: '/api/test-email',
    needs: 'admin',
    handle: async (exchange) => {
      readParameters(exchange.queryText, []);
      const to = await readRecipient(exchange);
      const now = clock();
      recent = recent.filter((at) => now - at < minuteMs);
      if (recent.length >= maxPerMinute) {
        throw new RefusedError('rate_limited', `at most ${String(maxPerMinute)} test mails go out in a minute`);
      }
      recent = [...recent, now];
      const { ok, reply } = await sendTest(to);
      exchange.json(200, JSON.stringify({ ok, reply }));
    },
  };
}

async function readRecipient(exchange: Exchange): Promise<string> {
  const { to, ...others } = await readJsonBody(exchange, maxBodyBytes);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new RefusedError('invalid_request', `${shown(unknown)}: unknown field; known is to`);
  if (typeof to === 'string' && isAddress(to)) return to;
  throw new RefusedError('invalid_request', `to: must be an address such as me@example.com; got ${shown(to)}`);
}
