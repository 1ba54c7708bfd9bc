import { describe, expect, it } from 'vitest';
import { explainServerFailure, explainSqliteFailure, findNativeProblem, type Host } from '../../src/start/preflight.ts';

const debian12: Host = { platform: 'linux', arch: 'x64', nodeVersion: '22.23.3', glibcVersion: '2.36' };

/** As Node 22 and uWebSockets.js worded it on Debian 12. */
const glibcTooOld =
  'This version of uWS.js supports only Node.js versions 16, 18, 20, 21, 22, 24 and 25 on (glibc) Linux.\n\n' +
  "Error: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by uws_linux_x64_127.node)";

/** As Node 22 worded it about a binary that Node 20 had compiled. */
const anotherAbi =
  "The module 'better_sqlite3.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. " +
  'This version of Node.js requires\nNODE_MODULE_VERSION 127. Please try re-compiling or re-installing\nthe module';

class FakeDatabase {
  close(): void {
    // Nothing was opened.
  }
}

describe('findNativeProblem', () => {
  it('finds none when both packages load', () => {
    expect(findNativeProblem(() => FakeDatabase)).toBeUndefined();
  });

  it('complains of the web server first, since compiling SQLite for a Node that cannot serve is in vain', () => {
    const problem = findNativeProblem((name) => {
      throw new Error(`Cannot find module '${name}'`);
    });
    expect(problem).toBe('uWebSockets.js is not installed; run `npm ci`');
  });

  it('opens a database, because its package alone loads no binary', () => {
    class Unbuilt extends FakeDatabase {
      constructor() {
        super();
        throw new Error('Could not locate the bindings file. Tried:');
      }
    }
    expect(findNativeProblem(() => Unbuilt)).toMatch(/^better-sqlite3 was not compiled/);
  });
});

describe('explainServerFailure', () => {
  it('tells the glibc that is needed, the one that is there, and the version of Node that can do with it', () => {
    expect(explainServerFailure(glibcTooOld, debian12)).toBe(
      'uWebSockets.js needs glibc 2.38 or newer on Node 22.23.3, and this system has 2.36; ' +
        'use Node 20, whose binary needs only glibc 2.27, or a newer distribution (Debian 13, Ubuntu 24.04)',
    );
  });

  it('asks for a distribution with glibc where there is none', () => {
    const failure = 'Error loading shared library ld-linux-x86-64.so.2: No such file or directory';
    expect(explainServerFailure(failure, { ...debian12, glibcVersion: undefined })).toMatch(/needs glibc.*Debian/);
  });

  it('names platform, architecture and version when there is no binary for them', () => {
    const failure = "Error: Cannot find module './uws_linux_riscv64_127.node'";
    expect(explainServerFailure(failure, { ...debian12, arch: 'riscv64' })).toMatch(
      /no binary for Node 22\.23\.3 on linux riscv64; use Node 20, 22 or 24 /,
    );
  });
});

describe('explainSqliteFailure', () => {
  it('asks for a rebuild after Node was changed', () => {
    expect(explainSqliteFailure(anotherAbi, debian12)).toBe(
      'better-sqlite3 was compiled for another version of Node than 22.23.3; run `npm rebuild better-sqlite3`',
    );
  });

  it.each([
    ['linux', 'apt-get install python3 make g++'],
    ['darwin', 'xcode-select --install'],
    ['win32', 'Visual Studio'],
  ])('tells how to get a compiler on %s', (platform, remedy) => {
    const failure = 'Could not locate the bindings file. Tried:\n → build/better_sqlite3.node';
    expect(explainSqliteFailure(failure, { ...debian12, platform })).toContain(remedy);
  });
});
