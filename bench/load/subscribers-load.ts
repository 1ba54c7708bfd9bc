import { failureOf } from './connection.ts';
import { Positions } from './positions.ts';
import { openWebSocket } from './ws-client.ts';

export interface SubscribersLoad {
  readonly port: number;
  readonly subscribers: number;
  /** Each reads what comes after this position, … */
  readonly after: number;
  /** … this one included, … */
  readonly through: number;
  /** … and begins anew until so many seconds are over. */
  readonly seconds: number;
}

/** Subscribers on WebSockets, each of which checks that it is given every position in its turn. */
export async function run(load: SubscribersLoad): Promise<{ readonly delivered: number }> {
  const endAt = performance.now() + load.seconds * 1000;
  const readAgain = async () => {
    let delivered = 0;
    do delivered += await readOnce(load);
    while (performance.now() < endAt);
    return delivered;
  };
  const delivered = await Promise.all(Array.from({ length: load.subscribers }, readAgain));
  return { delivered: delivered.reduce((sum, count) => sum + count, 0) };
}

/** Resolves with the number of events that came. */
async function readOnce({ port, after, through }: SubscribersLoad): Promise<number> {
  const positions = new Positions(after);
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const socket = await openWebSocket(port, `/ws?after=${String(after)}`, (frame) => {
    positions.read(frame);
    if (positions.last >= through) finish();
  });
  await Promise.race([finished, failureOf(socket)]);
  socket.destroy();
  return positions.last - after;
}
