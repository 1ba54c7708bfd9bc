import type { Scenario } from '../scenario.ts';
import { endToEnd } from './end-to-end.ts';
import { fanOut } from './fan-out.ts';
import { growth } from './growth.ts';
import { history } from './history.ts';
import { http } from './http.ts';
import { memory } from './memory.ts';
import { stalledSubscriber } from './stalled-subscriber.ts';
import { start } from './start.ts';
import { tcpLatency } from './tcp-latency.ts';
import { tcpThroughput } from './tcp-throughput.ts';
import { webSocket } from './web-socket.ts';

/** In the order in which they run and stand in the results. A new one is its file and its place here. */
export const scenarios: readonly Scenario[] = [
  tcpThroughput,
  tcpLatency,
  http,
  webSocket,
  endToEnd,
  fanOut,
  stalledSubscriber,
  history,
  growth,
  start,
  memory,
];
