import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { simpleParser, type ParsedMail } from 'mailparser';
import { onTestFinished } from 'vitest';
import { waitFor } from './deadline.ts';
import { findFreePort } from './free-port.ts';
import { mainConfig, masterConfig } from './postfix-config.ts';
import { makeCertificate } from './smtp-certificate.ts';
import { makeTempDir } from './temp-dir.ts';

const run = promisify(execFile);
/** Of its queue directory. `postfix check` would make them too, in three seconds. */
const queues = 'active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace'.split(
  ' ',
);

const longestLifeS = 300;

/** A Postfix of the test's own, which takes mail for anyone `@example.com` from who logs in over STARTTLS. */
export interface Postfix {
  /** `smtp://localhost:…`; the same after a restart. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The certificate to trust. */
  readonly caFile: string;
  start(): Promise<void>;
  /** Resolves when nothing of it runs or listens any more. Mails that it took are delivered after the next start. */
  stop(): Promise<void>;
  /** Message-IDs of all mails that it has taken, with doubles. */
  accepted(): Promise<readonly string[]>;
  /** What has been delivered, to whomever. */
  mailbox(): Promise<readonly ParsedMail[]>;
}

/** Starts it in a directory of its own. It ends, and leaves nothing behind, with the test. */
export async function startPostfix(): Promise<Postfix> {
  const directory = await makeTempDir();
  const port = await findFreePort();
  const [user, password] = ['hub', 'correct horse battery staple'];
  await prepare(directory, port, user, password);
  const process = new PostfixProcess(directory, port);
  onTestFinished(() => process.stop());
  await process.start();
  return {
    url: `smtp://localhost:${port}`,
    user,
    password,
    caFile: join(directory, 'cert.pem'),
    start: () => process.start(),
    stop: () => process.stop(),
    accepted: () => process.accepted(),
    mailbox: () => readMailbox(join(directory, 'mail', 'everyone', 'new')),
  };
}

class PostfixProcess {
  readonly #directory: string;
  readonly #port: number;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
  }

  async start(): Promise<void> {
    // In the foreground, where it makes a process group of its own with all of its parts. A test run that is killed does not
    // stop it: then it ends by itself.
    const args = ['-s', '-e', String(longestLifeS), '-c', join(this.#directory, 'etc')];
    const child = spawn('/usr/lib/postfix/sbin/master', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    await waitFor(() => child.exitCode !== null || canConnect(this.#port), { within: 20_000, what: 'Postfix' });
    if (child.exitCode !== null) throw new Error(`Postfix ended by itself: ${this.#output}${await this.#log()}`);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.pid === undefined) return;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    endGroup(child.pid);
    await waitFor(
      () =>
        canConnect(this.#port).then(
          () => false,
          () => true,
        ),
      { what: 'the end of Postfix' },
    );
  }

  async accepted(): Promise<readonly string[]> {
    return [...(await this.#log()).matchAll(/ message-id=(<.*>)$/gm)].map(([, id = '']) => id);
  }

  #log(): Promise<string> {
    return readFile(join(this.#directory, 'log'), 'utf8').catch(() => '');
  }
}

async function prepare(directory: string, port: number, user: string, password: string): Promise<void> {
  const at = (...path: string[]) => join(directory, ...path);
  const ids = { postfix: await idOf('postfix'), nobody: await idOf('nobody') };
  // Its parts run as a user of their own, and have to get here.
  await chmod(directory, 0o755);
  for (const part of ['etc/sasl', 'queue/pid', 'data', 'mail']) await mkdir(at(part), { recursive: true });
  for (const part of queues) await mkdir(at('queue', part));
  for (const part of ['data', ...queues.map((queue) => join('queue', queue))]) await chown(at(part), ids.postfix, 0);
  await chown(at('mail'), ids.nobody, 0);
  const { cert, key } = makeCertificate();
  await writeFile(at('cert.pem'), cert);
  await writeFile(at('key.pem'), key, { mode: 0o600 });
  const { stdout } = await run('/usr/sbin/postconf', ['-d', '-h', 'daemon_directory']);
  await writeFile(at('etc', 'main.cf'), mainConfig(directory, stdout.trim(), ids.nobody));
  await writeFile(at('etc', 'master.cf'), masterConfig(port));
  await writeFile(at('etc', 'sasl', 'smtpd.conf'), saslConfig(at('etc', 'sasl', 'passwords')));
  const saving = run('/usr/sbin/saslpasswd2', ['-p', '-c', '-f', at('etc', 'sasl', 'passwords'), '-u', 'test', user]);
  saving.child.stdin?.end(password);
  await saving;
  await chown(at('etc', 'sasl', 'passwords'), ids.postfix, 0);
}

function saslConfig(passwords: string): string {
  return `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${passwords}\nmech_list: PLAIN LOGIN\n`;
}

async function idOf(user: string): Promise<number> {
  return Number((await run('id', ['-u', user])).stdout);
}

async function readMailbox(directory: string): Promise<readonly ParsedMail[]> {
  const files = await readdir(directory).catch(() => []);
  return Promise.all(files.sort().map(async (file) => simpleParser(await readFile(join(directory, file)))));
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}

/** Ends what is left of the processes that `pid` began, if anything is. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}
