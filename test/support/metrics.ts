import type { LimitName } from '../../src/limits/refusals.ts';
import { ask } from './hub-http.ts';

/** How often the hub has refused something for this limit, as its metrics say. */
export async function refusedOver(
  http: string,
  limit: LimitName,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { body } = await ask(`${http}/metrics`, { headers });
  const [, count] = new RegExp(`^alert_hub_refused_total\\{limit="${limit}"\\} (\\d+)$`, 'm').exec(String(body)) ?? [];
  if (count === undefined) throw new Error(`no count of ${limit} in ${String(body)}`);
  return Number(count);
}

/** How many requests are under way, the one that asks among them. */
export async function requestsUnderWay(http: string): Promise<number> {
  const { body } = await ask(`${http}/metrics`);
  return Number(/^alert_hub_in_use\{limit="http_exchanges"\} (\d+)$/m.exec(String(body))?.[1]);
}
