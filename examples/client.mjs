#!/usr/bin/env node
/**
 * Sends events to the hub over TCP, with Node alone, no package.
 *
 *     client.mjs --source backup-01 --severity error "backup of vm-files failed"
 *     tail -F /var/log/syslog | client.mjs --source "$(hostname)"
 *
 * An event gets its id before it is first sent and keeps it. So it may be sent again whenever the answer is missing: the
 * hub records an id once, and says "duplicate" when it has it already.
 */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/** To connect, and for each answer; a hub answers in milliseconds. */
const answerMs = 10_000;
/** Between attempts. */
const [firstWaitMs, longestWaitMs] = [250, 10_000];

/** The hub cannot take the event now, or does not know whether it has. Every other refusal is final. */
const passing = new Set(['unavailable', 'in_doubt', 'storage_full', 'rate_limited']);

/** The lines of a stream of bytes. A last line without a newline counts only when `isWhole` says that the end ends it. */
async function* linesOf(stream, isWhole) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop();
    yield* lines;
  }
  if (isWhole && rest !== '') yield rest;
}

/** A connection that is made when it is needed, and made anew after it broke. */
class Hub {
  #address;
  #token;
  #socket;
  #answers;

  constructor(address, token) {
    this.#address = address;
    this.#token = token;
  }

  /** Sends one line and resolves with the answer to it. Rejects when no whole answer comes. */
  async #ask(line) {
    try {
      if (this.#socket === undefined) {
        this.#socket = connect({ ...this.#address, noDelay: true });
        // Errors reach whoever reads; without a listener the one that comes when nobody does would end the process.
        this.#socket.on('error', () => undefined);
        this.#socket.on('timeout', () => this.#socket?.destroy(new Error('the hub does not answer')));
        this.#answers = linesOf(this.#socket, false);
        if (this.#token) {
          const welcome = await this.#exchange(`${JSON.stringify({ token: this.#token })}\n`);
          if (!welcome.ok) {
            this.close();
            return welcome;
          }
        }
      }
      return await this.#exchange(line);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async #exchange(line) {
    this.#socket.setTimeout(answerMs);
    this.#socket.write(line);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the hub closed the connection before it answered');
    this.#socket.setTimeout(0);
    const answer = JSON.parse(value);
    if (typeof answer?.ok !== 'boolean') throw new Error("the answer is no hub's");
    return answer;
  }

  /** Sends the event until the hub has recorded or refused it, and resolves with that answer. Rejects when it got
   *  neither in time. */
  async send(event, giveUpAfterMs) {
    const line = `${JSON.stringify(event)}\n`;
    const deadline = performance.now() + giveUpAfterMs;
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      const answer = await this.#ask(line).catch(({ code, message }) => ({
        code: 'unavailable',
        error: message || code,
      }));
      if (answer.ok || !passing.has(answer.code)) return answer;
      // A random part of the wait, so that all producers of a hub that restarts do not return at once.
      const pauseMs = waitMs * (0.5 + Math.random() / 2);
      if (performance.now() + pauseMs > deadline) {
        throw new Error(`given up after ${giveUpAfterMs / 1000} s: ${answer.error}`);
      }
      note(`${answer.error}; sending again`);
      await delay(pauseMs);
    }
  }

  close() {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}

function note(text) {
  console.error(`client.mjs: ${text}`);
}

const usage = `usage: client.mjs [options] [MESSAGE]

Send an event to the hub, or one for each line of standard input when there is no MESSAGE.

  --host HOST, --port PORT   the hub (HUB_TCP=HOST:PORT; 127.0.0.1:9000)
  --source SOURCE            where it happened (this host's name)
  --severity SEVERITY        info, warning, error or critical (info)
  --key KEY                  what the alert is about (the source)
  --status STATUS            firing or resolved
  --give-up-after SECONDS    per event (60)

HUB_TOKEN is the token, where the hub wants one: an argument could be read by everyone on this machine.

exit status: 0 all recorded, 1 one was refused or not delivered, 2 wrong usage`;

function readArguments() {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(process.env.HUB_TCP ?? '127.0.0.1:9000') ?? [];
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      host: { type: 'string', default: host },
      port: { type: 'string', default: port },
      source: { type: 'string', default: hostname() },
      severity: { type: 'string', default: 'info' },
      key: { type: 'string' },
      status: { type: 'string' },
      'give-up-after': { type: 'string', default: '60' },
    },
  });
  const { help, host: to, port: at, 'give-up-after': seconds, ...fields } = values;
  if (!(Number(at) >= 1 && Number(at) <= 65_535)) throw new Error('--port, HUB_TCP: must be a port from 1 to 65535');
  if (!(Number(seconds) >= 0)) throw new Error('--give-up-after: must be a number of seconds');
  return { help, address: { host: to, port: Number(at) }, giveUpAfterMs: seconds * 1000, fields, words: positionals };
}

/** The words as one message, else each line of standard input. */
async function* messages(words) {
  if (words.length > 0) yield words.join(' ');
  else for await (const line of linesOf(process.stdin, true)) if (line.trim() !== '') yield line.replace(/\r$/, '');
}

async function main({ address, giveUpAfterMs, fields, words }) {
  const hub = new Hub(address, process.env.HUB_TOKEN);
  let status = 0;
  try {
    for await (const message of messages(words)) {
      // The time is when it happened, however late it arrives.
      const answer = await hub.send({ id: randomUUID(), time: Date.now(), ...fields, message }, giveUpAfterMs);
      if (answer.ok) {
        console.log(`${answer.duplicate ? 'already recorded' : 'recorded'} at position ${answer.position}`);
      } else {
        // It would be refused again: say why, and go on with the next.
        note(`refused: ${answer.error}`);
        status = 1;
      }
    }
  } catch (error) {
    note(error.message);
    status = 1;
  } finally {
    hub.close();
  }
  return status;
}

let given;
try {
  given = readArguments();
} catch (error) {
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}
if (given.help) console.log(usage);
else process.exitCode = await main(given);
