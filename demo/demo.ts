import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../src/config/config.ts';
import { createHub, type Hub } from '../src/hub.ts';
import { createLogger } from '../src/logger.ts';
import { MailCatcher } from './mails/catcher.ts';
import { MailServer } from './mails/mail-server.ts';
import { sendHistory, sendLive } from './office-run.ts';
import { createRandom } from './office/random.ts';
import { usualPort } from './port.ts';
import { Senders } from './senders.ts';

export interface DemoOptions {
  /** Of the dashboard; 0 takes free ports for everything, and undefined the usual ones as far as they are free. */
  readonly port: number | undefined;
  /** How many seconds of the office pass in one. */
  readonly speed: number;
}

export interface Demo {
  /** URL of the dashboard. */
  readonly dashboard: string;
  /** `host:port` of the hub's TCP input. */
  readonly tcp: string;
  /** URL of the caught mails. */
  readonly mails: string;
  readonly stop: () => Promise<void>;
  /** Rejects when the hub cannot go on. */
  readonly failed: Promise<never>;
}

const seed = 20;
const drainMs = 2_000;

/** Runs a hub, an office that sends to it and a catcher of its mails, all in this process and on loopback. The data is
 *  in a temporary directory that goes when the process ends. No setting of the environment is read, least of all a mail
 *  server. */
export async function startDemo({ port, speed }: DemoOptions): Promise<Demo> {
  const dataDir = temporaryDirectory();
  const startedAt = Date.now();
  const random = createRandom(seed);
  const office = await withHistory(dataDir, (senders) => sendHistory({ senders, random, startedAt }));

  const catcher = await MailCatcher.open(0);
  const mailServer = await MailServer.open(await usualPort(port === 0 ? 0 : 8025), () => catcher.mails);
  const tcpPort = await usualPort(port === 0 ? 0 : 9000);
  const hub = await openHub({
    dataDir,
    'http.port': String(port ?? (await usualPort(8080))),
    'tcp.port': String(tcpPort),
    'email.url': catcher.url,
    'email.from': 'Alert Hub <alert-hub@office.example.test>',
    'alert.to': 'ops@example.test',
  });
  const senders = new Senders(hub, reportRefusal);
  const stopping = new AbortController();
  const live = sendLive(office, { senders, random, startedAt, speed, stopping: stopping.signal });

  const stop = async () => {
    stopping.abort();
    await live;
    await Promise.race([senders.drain(), delay(drainMs, undefined, { ref: false })]);
    senders.close();
    // The hub first: it has mails on their way.
    await hub.stop();
    await Promise.all([catcher.close(), mailServer.close()]);
  };
  return { dashboard: hub.http, tcp: hub.tcp, mails: mailServer.url, stop, failed: hub.failed };
}

/** The past is recorded by a hub without e-mail: a hub that gets an address later mails what comes from then on, so that
 *  the past may have had outages of its own and still nobody is mailed about them. */
async function withHistory<T>(dataDir: string, send: (senders: Senders) => Promise<T>): Promise<T> {
  const hub = await openHub({ dataDir, 'http.port': '0', 'tcp.port': '0' });
  const senders = new Senders(hub, reportRefusal);
  try {
    return await send(senders);
  } finally {
    senders.close();
    await hub.stop();
  }
}

function openHub(settings: Readonly<Record<string, string>>): Promise<Hub> {
  const flags = { ...settings, 'log.level': 'warn', 'retention.maxEvents': '100000' };
  const config = loadConfig({ flags, env: {}, file: undefined });
  return createHub(config, createLogger(config.log));
}

/** At the process's end, however it comes about: a second Ctrl-C does not wait for anything else. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'alert-hub-demo-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function reportRefusal(error: string): void {
  process.stderr.write(`the hub refuses an event of ${error}\n`);
}
