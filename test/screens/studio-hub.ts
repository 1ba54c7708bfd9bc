import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usualPort } from '../../demo/port.ts';
import { Senders } from '../../demo/senders.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createHub, type Hub } from '../../src/hub.ts';
import { createLogger } from '../../src/logger.ts';
import type { Sent } from '../../demo/office/office.ts';
import type { PostOffice } from './post-office.ts';

/** A hub to take pictures of, with the data in a directory of its own. */
export interface StudioHub {
  readonly http: string;
  /** Resolves when everything is recorded. */
  readonly send: (sent: readonly Sent[]) => Promise<void>;
  /** Goes on with the same data and other settings. */
  readonly restart: (settings: Settings) => Promise<void>;
  /** Stops it; the data stay. */
  readonly stop: () => Promise<void>;
  /** Stops it if need be, and removes the data. */
  readonly remove: () => Promise<void>;
}

export type Settings = Readonly<Record<string, string>>;

/** Settings of a hub that mails errors by a post office. */
export function mailBy({ url }: PostOffice, to = 'ops@example.com', more: Settings = {}): Settings {
  return { 'email.url': url, 'email.from': 'alert-hub@example.com', 'alert.to': to, ...more };
}

/** With a post office, it is closed with the hub. */
export async function openStudioHub(settings: Settings = {}, postOffice?: PostOffice): Promise<StudioHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'alert-hub-screens-'));
  let running = await open(dataDir, settings);
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    running.senders.close();
    await running.hub.stop();
  };
  return {
    get http() {
      return running.hub.http;
    },
    send: async (sent) => {
      await running.senders.send(sent);
      await running.senders.drain();
    },
    restart: async (others) => {
      await stop();
      running = await open(dataDir, others);
      isStopped = false;
    },
    stop,
    remove: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
      await postOffice?.close();
    },
  };
}

async function open(dataDir: string, settings: Settings): Promise<{ hub: Hub; senders: Senders }> {
  const flags = {
    dataDir,
    'http.port': String(await usualPort(8080)),
    'tcp.port': '0',
    ...settings,
    'log.level': 'error',
  };
  const config = loadConfig({ flags, env: {}, file: undefined });
  const hub = await createHub(config, createLogger(config.log));
  const senders = new Senders(hub, (error) => {
    throw new Error(`refused: ${error}`);
  });
  return { hub, senders };
}
