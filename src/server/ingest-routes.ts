import type { Allowance } from '../limits/allowance.ts';
import type { Limits } from '../limits/limits.ts';
import type { Leave, Occupancy } from '../limits/occupancy.ts';
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
        return postLines(exchange, imports, principal, unlimited);
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
          await postLines(exchange, ingest, principal, { allowance, places: limits.linePosts });
          return;
        }
        const body = await beforeEnd(exchange, ingest, principal, exchange.readWholeBody(maxBodyBytes));
        // Others may have come while it arrived. From here to the count nobody comes between.
        refuseInDebt(allowance);
        allowance?.take({ events: 1, bytes: body.length });
        const { sources } = principal;
        const count = (drafts: number) => allowance?.take({ events: Math.max(0, drafts - 1) });
        const { status, body: answer } = await ingest.post(body, { idempotencyKey, sources, count });
        exchange.json(status, answer);
      },
    },
  ];
}

/** A request is let in or refused as a whole, and costs one event at least; what it takes too much is waited for before the
 *  next. */
function refuseInDebt(allowance: Allowance | null): void {
  const wait = allowance?.refusal() ?? null;
  if (wait !== null) throw new RefusedError('rate_limited', wait.error, wait.retryAfter);
}

/** What bounds a body of lines. */
interface LineLimits {
  readonly allowance: Allowance | null;
  /** Taken where there is an allowance. */
  readonly places: Occupancy | null;
}

const unlimited: LineLimits = { allowance: null, places: null };

/** Records lines while they arrive. A body that is too large, or that the stop of the hub or the end of the token comes into,
 *  is answered with what became of the lines so far, and the connection ends, since the rest is not read. */
async function postLines(
  exchange: Exchange,
  ingest: LineIngest,
  principal: Principal,
  { allowance, places }: LineLimits,
): Promise<void> {
  const post = ingest.stream(principal.sources);
  const count = counterOf(post, allowance);
  const leaves: Leave[] = [];
  const letIn = () => {
    // Others may have come since the head.
    refuseInDebt(allowance);
    if (allowance === null || places === null) return;
    const leave = places.enter(exchange.clientKey, principal.token);
    if (leave === null) throw new RefusedError('rate_limited', 'one body of lines at a time, while there is a rate', 1);
    leaves.push(leave);
  };
  const lines = readLines(exchange, post, allowance, { letIn, count });
  const refusal = await beforeEnd(exchange, ingest, principal, lines).then(
    () => undefined,
    (error: unknown) => error,
  );
  for (const leave of leaves) leave();
  if (refusal !== undefined && (!(refusal instanceof RefusedError) || refusal.code === 'rate_limited')) {
    throw refusal as Error;
  }
  const ended = post.end(refusal);
  count();
  const { status, body } = await ended;
  exchange.json(status, body, refusal === undefined);
}

function readLines(
  exchange: Exchange,
  post: NdjsonPost,
  allowance: Allowance | null,
  { letIn, count }: { readonly letIn: () => void; readonly count: () => void },
): Promise<void> {
  let isLetIn = false;
  return exchange.readBody(maxNdjsonBytes, (chunk) => {
    // uWebSockets.js tells of a head without a body by an empty one.
    if (chunk.length === 0) return undefined;
    if (!isLetIn) letIn();
    isLetIn = true;
    allowance?.take({ bytes: chunk.length });
    try {
      post.push(chunk);
    } finally {
      count();
    }
    return post.isBehind
      ? new Promise<void>((resolve) => {
          post.whenRoom(resolve);
        })
      : undefined;
  });
}

/** Counts the lines that came since it was called last: at the first call one at least. */
function counterOf(post: NdjsonPost, allowance: Allowance | null): () => void {
  let counted = 0;
  return () => {
    const count = Math.max(1, post.count);
    allowance?.take({ events: count - counted });
    counted = count;
  };
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
