import type { Allowance } from '../limits/allowance.ts';
import type { Limits } from '../limits/limits.ts';
import type { Principal } from '../pipeline/access.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { HttpIngest, LineIngest, NdjsonPost } from '../pipeline/ingest-ports.ts';
import { contentType } from './content-type.ts';
import type { Exchange } from './exchange.ts';
import { readParameters } from './parameters.ts';
import type { Route } from './router.ts';

const maxBodyBytes = 1024 * 1024;
const maxNdjsonBytes = 16 * 1024 * 1024;

/** Posting events. */
export function ingestRoutes(ingest: HttpIngest, imports: LineIngest, limits: Limits): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/import',
      needs: 'admin',
      handle: (exchange, _, principal) => {
        readParameters(exchange.queryText, []);
        contentType(exchange, ['application/x-ndjson']);
        return postLines(exchange, imports, principal, null);
      },
    },
    {
      method: 'POST',
      path: '/api/events',
      needs: 'ingest',
      handle: async (exchange, _, principal) => {
        readParameters(exchange.queryText, []);
        const idempotencyKey = exchange.header('idempotency-key');
        const allowance = limits.allowance(exchange.clientKey, principal.token);
        refuseInDebt(allowance);
        if (contentType(exchange, ['application/json', 'application/x-ndjson']) === 'application/x-ndjson') {
          if (idempotencyKey !== undefined) {
            throw new RefusedError('invalid_request', 'Idempotency-Key: goes with one event; give each line an id');
          }
          await postLines(exchange, ingest, principal, allowance);
          return;
        }
        const body = await beforeEnd(exchange, ingest, principal, exchange.readWholeBody(maxBodyBytes));
        allowance?.take({ events: 1, bytes: body.length });
        const { status, body: answer, drafts } = await ingest.post(body, idempotencyKey, principal.sources);
        allowance?.take({ events: drafts - 1 });
        exchange.json(status, answer);
      },
    },
  ];
}

/** A request is let in or refused as a whole; what it takes too much is waited for before the next. */
function refuseInDebt(allowance: Allowance | null): void {
  const wait = allowance?.refusal() ?? null;
  if (wait !== null) throw new RefusedError('rate_limited', wait.error, wait.retryAfter);
}

/** Records lines while they arrive. A body that is too large, or that the stop of the hub or the end of the token comes into,
 *  is answered with what became of the lines so far, and the connection ends, since the rest is not read. */
async function postLines(
  exchange: Exchange,
  ingest: LineIngest,
  principal: Principal,
  allowance: Allowance | null,
): Promise<void> {
  const post = ingest.stream(principal.sources);
  const refusal = await beforeEnd(exchange, ingest, principal, readLines(exchange, post, allowance)).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refusal !== undefined && !(refusal instanceof RefusedError)) throw refusal as Error;
  const { status, body, drafts } = await post.end(refusal);
  allowance?.take({ events: drafts });
  exchange.json(status, body, refusal === undefined);
}

function readLines(exchange: Exchange, post: NdjsonPost, allowance: Allowance | null): Promise<void> {
  return exchange.readBody(maxNdjsonBytes, (chunk) => {
    allowance?.take({ bytes: chunk.length });
    post.push(chunk);
    return post.isBehind
      ? new Promise<void>((resolve) => {
          post.whenRoom(resolve);
        })
      : undefined;
  });
}

/** The body, unless the stop of the hub or the end of the token comes first. */
async function beforeEnd<Body>(
  exchange: Exchange,
  ingest: LineIngest,
  principal: Principal,
  body: Promise<Body>,
): Promise<Body> {
  const forget = ingest.onStop(() => {
    exchange.breakBody(new RefusedError('unavailable', 'the hub is stopping; send the rest again to the next one'));
  });
  const forgetEnd = principal.onEnd(() => {
    exchange.breakBody(new RefusedError('unauthorized', 'the token is no longer valid'));
  });
  try {
    return await body;
  } finally {
    forget();
    forgetEnd();
  }
}
