import type { Socket } from 'node:net';
import { mergeMap, Observable, Subject, type Subscription } from 'rxjs';
import { appendTo } from '../../../src/pipeline/append.ts';
import { BoundedBacklog } from '../../../src/pipeline/backlog.ts';
import type { Source } from '../../../src/pipeline/component.ts';
import { matchAll } from '../../../src/pipeline/filter.ts';
import { ingest } from '../../../src/pipeline/ingest.ts';
import type { FrameFormat } from '../../../src/pipeline/subscriptions.ts';
import type { LogRecord } from '../../../src/pipeline/record.ts';
import { Broadcast } from '../../../src/sinks/broadcast/broadcast.ts';
import { createHttpSource } from '../../../src/sources/http.ts';
import { TcpConnection } from '../../../src/sources/tcp-connection.ts';
import { createWsSource } from '../../../src/sources/ws.ts';
import { openAccess } from '../principals.ts';
import { ScriptedOutlet, Topics } from '../scripted-outlet.ts';
import type { SimulatedLog } from './disk.ts';
import { SimulatedSocket } from './socket.ts';

export const backlogLimits = { maxEvents: 24, maxBytes: 64 * 1024 };

/** Takes lines of drafts to the hub and its answers back, over some channel. */
export interface Link {
  send(drafts: readonly { readonly id: string }[]): void;
}

export type Channel = 'tcp' | 'http' | 'ws';

/** The hub's own pipeline from its sources to its subscribers, wired as `src/hub.ts` wires it, on a simulated log. */
export class SimulatedHub {
  readonly backlog = new BoundedBacklog(backlogLimits);
  readonly broadcast: Broadcast;
  readonly #log: SimulatedLog;
  readonly #http = createHttpSource(this.backlog);
  readonly #ws = createWsSource(this.backlog);
  readonly #sockets$ = new Subject<SimulatedSocket>();
  readonly #topics = new Topics();
  readonly #running: Subscription[] = [];
  #isCrashed = false;

  constructor(log: SimulatedLog, reportFailure: (error: unknown) => void) {
    this.#log = log;
    const { publish } = this.#topics;
    const clock = Date.now;
    this.broadcast = new Broadcast({ log, publish, maxMemory: 2 ** 22, reportFailure, clock });
    const producer = { address: '192.0.2.1', allowanceOf: () => null, enterWith: () => () => undefined };
    const tcp: Source = {
      name: 'tcp',
      open: () =>
        this.#sockets$.pipe(
          mergeMap((socket) =>
            new TcpConnection(socket as unknown as Socket, this.backlog, openAccess, producer).read(),
          ),
        ),
      closed: () => Promise.resolve(),
    };
    const recorded$ = new Subject<readonly LogRecord[]>();
    this.#running.push(this.broadcast.sink(recorded$).subscribe());
    const incoming$ = ingest([this.#http, this.#ws, tcp], new Observable());
    this.#running.push(incoming$.pipe(appendTo(log, this.backlog)).subscribe(recorded$));
  }

  /** A new connection. `answer` is given each verdict, as JSON text, in the order in which they come. */
  connect(channel: Channel, answer: (verdict: string) => void): Link {
    const hear = (verdict: string): void => {
      if (!this.#isCrashed) answer(verdict);
    };
    if (channel === 'tcp') {
      const socket = new SimulatedSocket((text) => {
        text.trimEnd().split('\n').forEach(hear);
      });
      this.#sockets$.next(socket);
      return {
        send: (drafts) => {
          socket.arrive(drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(''));
        },
      };
    }
    if (channel === 'http') {
      return {
        send: (drafts) => {
          void this.#http.post(Buffer.from(JSON.stringify(drafts))).then(({ body }) => {
            verdictsIn(body).forEach(hear);
          });
        },
      };
    }
    const producer = this.#ws.connect((frames) => {
      frames.flatMap(verdictsIn).forEach(hear);
    });
    return {
      send: (drafts) => {
        producer.publish(drafts, undefined, JSON.stringify(drafts));
      },
    };
  }

  subscribe(format: FrameFormat, after: number, receive: (frame: string) => void): ScriptedOutlet {
    const outlet = new ScriptedOutlet(format, this.#topics, receive);
    outlet.attach(this.broadcast.open({ filter: matchAll, after }, outlet));
    return outlet;
  }

  /** Nothing that it was about to do happens. */
  crash(): void {
    this.#isCrashed = true;
    this.#log.crash();
    for (const subscription of this.#running) subscription.unsubscribe();
  }
}

function verdictsIn(text: string): readonly string[] {
  const { results } = JSON.parse(text) as { results: readonly object[] };
  return results.map((result) => JSON.stringify(result));
}
