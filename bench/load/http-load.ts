import type { Socket } from 'node:net';
import { converse, openConnection } from './connection.ts';
import { HttpAnswerReader, type HttpAnswer } from './http-answer.ts';
import { Lines } from './lines.ts';
import { Tally, type LoadResult } from './tally.ts';
import { VerdictCheck } from './verdicts.ts';

export interface HttpLoad {
  readonly port: number;
  readonly connections: number;
  /** 1 posts JSON, more post NDJSON. */
  readonly eventsPerPost: number;
  /** Of all connections. */
  readonly events: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
}

/** Clients with a connection each that post the next body when the last one is answered, and check every answer. */
export async function run(load: HttpLoad): Promise<LoadResult> {
  const postsEach = Math.ceil(load.events / load.connections / load.eventsPerPost);
  const clients = await Promise.all(
    Array.from({ length: load.connections }, async (_, index) => {
      const lines = new Lines(load.seed * 1_000 + index, postsEach * load.eventsPerPost);
      const requests = makeRequests(lines, load.eventsPerPost);
      return new Client(await openConnection(load.port), requests, new VerdictCheck(lines.ids), load.eventsPerPost);
    }),
  );
  const tally = new Tally(load.warmUpSeconds, load.events);
  const endAt = performance.now() + load.seconds * 1000;
  await Promise.all(clients.map((client) => client.post(tally, endAt)));
  return tally.result();
}

function makeRequests(lines: Lines, eventsPerPost: number): readonly Buffer[] {
  const type = eventsPerPost === 1 ? 'application/json' : 'application/x-ndjson';
  const requests: Buffer[] = [];
  for (let first = 0; first < lines.count; first += eventsPerPost) {
    const body = lines.slice(first, first + eventsPerPost);
    const head = `POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${String(body.length)}\r\n\r\n`;
    requests.push(Buffer.concat([Buffer.from(head), body]));
  }
  return requests;
}

class Client {
  readonly #socket: Socket;
  readonly #requests: readonly Buffer[];
  readonly #verdicts: VerdictCheck;
  readonly #eventsPerPost: number;
  readonly #answers = new HttpAnswerReader();
  #sent = 0;
  #sentAt = 0;

  constructor(socket: Socket, requests: readonly Buffer[], verdicts: VerdictCheck, eventsPerPost: number) {
    this.#socket = socket;
    this.#requests = requests;
    this.#verdicts = verdicts;
    this.#eventsPerPost = eventsPerPost;
  }

  post(tally: Tally, endAt: number): Promise<void> {
    const finished = converse(this.#socket, (chunk) => {
      const answer = this.#answers.read(chunk);
      if (answer === undefined) return 'more';
      const now = performance.now();
      if (this.#eventsPerPost === 1) this.#checkOne(answer);
      else this.#checkMany(answer);
      tally.add(this.#eventsPerPost, this.#sentAt, now);
      if (now >= endAt || this.#sent === this.#requests.length) return 'done';
      this.#sendNext();
      return 'more';
    });
    this.#sendNext();
    return finished;
  }

  #sendNext(): void {
    const request = this.#requests[this.#sent];
    if (request === undefined) throw new Error('every request was sent already');
    this.#sent += 1;
    this.#sentAt = performance.now();
    this.#socket.write(request);
  }

  #checkOne({ status, body }: HttpAnswer): void {
    if (status !== 201) throw new Error(`expected 201; got ${String(status)} ${body}`);
    this.#verdicts.check(body, 0, body.length);
  }

  #checkMany({ status, body }: HttpAnswer): void {
    const start = `{"ok":true,"accepted":${String(this.#eventsPerPost)},"rejected":0,"results":[`;
    if (status !== 200 || !body.startsWith(start)) {
      throw new Error(`expected 200 ${start}; got ${String(status)} ${body.slice(0, 200)}`);
    }
    const countBefore = this.#verdicts.count;
    for (let at = start.length; body[at] === '{';) {
      const end = body.indexOf('}', at) + 1;
      this.#verdicts.check(body, at, end);
      at = body[end] === ',' ? end + 1 : end;
    }
    const count = this.#verdicts.count - countBefore;
    if (count !== this.#eventsPerPost)
      throw new Error(`expected ${String(this.#eventsPerPost)} verdicts; got ${String(count)}`);
  }
}
