import path from 'node:path';
import type { LoadResult } from '../load/tally.ts';
import type { WindowedLoad } from '../load/windowed-load.ts';
import { measure } from '../processes.ts';
import { withRedis } from '../redis-process.ts';
import type { Pair } from '../row.ts';

export const redis = 'Redis Streams: XADD, appendfsync always';

/** What the hub is given as well; null where there is no Redis. */
export function loadRedis(directory: string, loadOn: (port: number) => WindowedLoad): Promise<LoadResult | null> {
  return withRedis(path.join(directory, 'redis'), (port) => measure('redisLoad', loadOn(port)));
}

interface BesideRedis {
  readonly hub: LoadResult;
  readonly redis: LoadResult | null;
}

export function pairsWithRedis(pairs: readonly BesideRedis[]): readonly Pair[] {
  return pairs.flatMap(({ hub, redis }) => (redis === null ? [] : [{ hub: hub.perSecond, beside: redis.perSecond }]));
}
