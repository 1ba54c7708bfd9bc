import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHostAndPort, parseHttpUrl, type HostAndPort } from './address.ts';
import type { Trust } from './trust.ts';

/** What a person said about where the hub is; flags win over the environment. */
export interface DiscoverOptions {
  /** `--url`, of the HTTP interface. */
  readonly url?: string | undefined;
  /** `--tcp`. */
  readonly tcp?: string | undefined;
  readonly dataDir?: string | undefined;
  /** `--ca`, `--client-cert` and `--client-key`. */
  readonly ca?: string | undefined;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface HubLocation {
  readonly http: string;
  /** `ws://…/ws`. */
  readonly ws: string;
  readonly tcp: HostAndPort;
  /** Whether that is more than a guess beside a URL. */
  readonly isTcpKnown: boolean;
  readonly token: string | undefined;
  readonly trust: Trust;
  /** By what it was found, for messages: a run.json may name another port after a restart. */
  readonly by: 'setting' | 'run.json' | 'default';
}

interface RunFile {
  readonly pid: number;
  readonly http: string;
  readonly tcp: string;
  readonly token?: string;
  readonly ca?: readonly string[];
  readonly tcpNeedsCertificate?: boolean;
}

const defaultTcpPort = 9_000;
const defaultHttp = 'http://127.0.0.1:8080';

/** Where the hub is: as a person said, else the running hub of the data directory, else the defaults (contract,
 *  section 9). The token and the certificates of a `run.json` are for the addresses of that same file alone. Throws, with a sentence for
 *  people, when something that a person said cannot be read. */
export function discoverHub(options: DiscoverOptions): HubLocation {
  const { env, tcp } = options;
  const url = options.url ?? nonEmpty(env['HUB_URL']);
  const run = readRunFile(options);
  const http = httpOf(url, run);
  const address = tcp === undefined ? tcpBeside(http, run) : readTcp(tcp);
  const isByDefault = url === undefined;
  const own = ownRun(run, http, address);
  const trust = trustOf(options, own);
  const isTcpNamed = tcp !== undefined;
  return {
    http,
    ws: `${http.replace(/^http/, 'ws')}/ws`,
    tcp: address,
    isTcpKnown: isTcpNamed || (letsIn(run, trust) && (isByDefault || isOf(run, http))),
    trust,
    token: readToken(env) ?? own?.token,
    by: isByDefault && !isTcpNamed ? foundBy(run) : 'setting',
  };
}

function httpOf(url: string | undefined, run: RunFile | undefined): string {
  return url === undefined ? (run?.http ?? defaultHttp) : readUrl(url);
}

function foundBy(run: RunFile | undefined): HubLocation['by'] {
  return run === undefined ? 'default' : 'run.json';
}

function isOf(run: RunFile | undefined, http: string): boolean {
  return run?.http === http;
}

/** A hub elsewhere has its TCP port elsewhere too. */
function tcpBeside(http: string, run: RunFile | undefined): HostAndPort {
  const ofRun = run?.http === http ? tcpOf(run) : undefined;
  return ofRun ?? { host: new URL(http).hostname.replace(/^\[|\]$/g, ''), port: defaultTcpPort };
}

/** Whether its TCP port asks for no certificate that one has not. */
function letsIn(run: RunFile | undefined, { certFile }: Trust): boolean {
  return run?.tcpNeedsCertificate !== true || certFile !== undefined;
}

/** Undefined unless both addresses are those of the hub that wrote it. */
function ownRun(run: RunFile | undefined, http: string, tcp: HostAndPort): RunFile | undefined {
  const address = run?.http === http ? tcpOf(run) : undefined;
  return address?.host === tcp.host && address.port === tcp.port ? run : undefined;
}

function trustOf({ env, ...options }: DiscoverOptions, run: RunFile | undefined): Trust {
  return {
    caFile: options.ca ?? nonEmpty(env['HUB_CA_FILE']),
    certFile: options.clientCert ?? nonEmpty(env['HUB_CLIENT_CERT_FILE']),
    keyFile: options.clientKey ?? nonEmpty(env['HUB_CLIENT_KEY_FILE']),
    ownFiles: run?.ca,
  };
}

/** A hub that listens everywhere is reached on this machine by its loopback address. */
function tcpOf(run: RunFile): HostAndPort | undefined {
  const address = parseHostAndPort(run.tcp);
  if (address?.host === '0.0.0.0') return { ...address, host: '127.0.0.1' };
  return address?.host === '::' ? { ...address, host: '::1' } : address;
}

function readUrl(text: string): string {
  const url = parseHttpUrl(text);
  if (url === undefined) throw new Error(`url: must be like http://host:8080; got ${JSON.stringify(text)}`);
  return url;
}

function readTcp(text: string): HostAndPort {
  const address = parseHostAndPort(text);
  if (address === undefined) throw new Error(`tcp: must be like host:9000; got ${JSON.stringify(text)}`);
  return address;
}

function readToken(env: DiscoverOptions['env']): string | undefined {
  const token = nonEmpty(env['HUB_TOKEN']);
  const file = nonEmpty(env['HUB_TOKEN_FILE']);
  if (token !== undefined) return sendable('HUB_TOKEN', token);
  const kept = file === undefined ? undefined : nonEmpty(readTokenFile(file));
  return kept === undefined ? undefined : sendable('HUB_TOKEN_FILE', kept);
}

/** What no header can hold is quoted by those who are asked to send it. */
function sendable(setting: string, token: string): string {
  if (/^[\x20-\x7e]+$/.test(token)) return token;
  throw new Error(`${setting}: must be a token, which is printable ASCII on one line`);
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`HUB_TOKEN_FILE: cannot be read; ${(error as Error).message}`, { cause: error });
  }
}

/** Undefined when no hub runs there. One that was killed has left its file behind. */
function readRunFile(options: DiscoverOptions): RunFile | undefined {
  const dataDir = options.dataDir ?? nonEmpty(options.env['HUB_DATA_DIR']) ?? './data';
  try {
    const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile;
    const isWhole = typeof run.http === 'string' && typeof run.tcp === 'string' && isAlive(run.pid);
    return isWhole ? { ...run, http: parseHttpUrl(run.http) ?? run.http } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
