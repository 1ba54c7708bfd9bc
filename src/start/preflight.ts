import { createRequire } from 'node:module';

/** The machine, as far as the native packages care. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  /** Without the `v`. */
  readonly nodeVersion: string;
  /** Undefined where the C library is not glibc. */
  readonly glibcVersion: string | undefined;
}

const nodeForOldGlibc =
  'use Node 20, whose binary needs only glibc 2.27, or a newer distribution (Debian 13, Ubuntu 24.04)';

/**
 * Loads the two native packages and says in one sentence which of them cannot run here and what to do about it;
 * undefined when both can. Costs a few milliseconds, and spares a person a stack trace from a worker thread.
 */
export function findNativeProblem(
  load: (name: string) => unknown = createRequire(import.meta.url),
): string | undefined {
  // The web server first: when it cannot run on this Node at all, compiling SQLite for it would be in vain.
  const serverFailure = failureOf(() => load('uWebSockets.js'));
  if (serverFailure !== undefined) return explainServerFailure(serverFailure, presentHost());
  const sqliteFailure = failureOf(() => {
    openDatabase(load);
  });
  if (sqliteFailure !== undefined) return explainSqliteFailure(sqliteFailure, presentHost());
  return undefined;
}

/** Why `better-sqlite3` failed to load, from the error it threw. */
export function explainSqliteFailure(failure: string, host: Host): string {
  const rebuild = 'run `npm rebuild better-sqlite3`';
  if (failure.includes("Cannot find module 'better-sqlite3'")) return 'better-sqlite3 is not installed; run `npm ci`';
  if (failure.includes('Could not locate the bindings file')) {
    return `better-sqlite3 was not compiled when it was installed; ${compilerRemedy(host)}, then ${rebuild}`;
  }
  if (/NODE_MODULE_VERSION|did not self-register/.test(failure)) {
    return `better-sqlite3 was compiled for another version of Node than ${host.nodeVersion}; ${rebuild}`;
  }
  return `better-sqlite3 does not load (${firstLine(failure)}); ${rebuild}`;
}

/** Why `uWebSockets.js` failed to load, from the error it threw: it ships one binary for each platform and version of Node. */
export function explainServerFailure(failure: string, host: Host): string {
  const { platform, arch, nodeVersion, glibcVersion } = host;
  if (failure.includes("Cannot find module 'uWebSockets.js'")) return 'uWebSockets.js is not installed; run `npm ci`';
  if (failure.includes("Cannot find module './uws_")) {
    return `uWebSockets.js has no binary for Node ${nodeVersion} on ${platform} ${arch}; use Node 20, 22 or 24 on Linux (x64, arm64), macOS or Windows (x64)`;
  }
  const neededGlibc = /version `GLIBC_([\d.]+)' not found/.exec(failure)?.[1];
  if (neededGlibc !== undefined) {
    return `uWebSockets.js needs glibc ${neededGlibc} or newer on Node ${nodeVersion}, and this system has ${glibcVersion ?? 'another C library'}; ${nodeForOldGlibc}`;
  }
  if (platform === 'linux' && glibcVersion === undefined) {
    return 'uWebSockets.js needs glibc, and this system has another C library (Alpine?); use a distribution with glibc, such as Debian';
  }
  return `uWebSockets.js does not load (${lastLine(failure)}); run \`npm ci\``;
}

/** `require` alone loads no binary: that comes with the first database. */
function openDatabase(load: (name: string) => unknown): void {
  const Database = load('better-sqlite3') as new (path: string) => { close(): void };
  new Database(':memory:').close();
}

function failureOf(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function presentHost(): Host {
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return {
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    glibcVersion: report.header.glibcVersionRuntime,
  };
}

function compilerRemedy({ platform }: Host): string {
  if (platform === 'linux') return 'install a compiler (Debian, Ubuntu: `apt-get install python3 make g++`)';
  if (platform === 'darwin') return 'install the command line tools (`xcode-select --install`)';
  return 'install Python and the C++ build tools of Visual Studio';
}

const firstLine = (text: string): string => text.trim().split('\n').at(0) ?? '';
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
