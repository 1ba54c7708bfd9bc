import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { ask, post } from '../support/hub-http.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { isLong } from '../support/long.ts';
import { isInstalled, runTool } from '../support/outside-tool.ts';
import { residentBytes } from '../support/process-memory.ts';
import { startSteadyProducer } from '../support/steady-producer.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectTls, tlsSettings } from '../support/tls.ts';

/** What a hub is attacked with by others is in docs/security-review.md, with what they found. Minutes each, so not in `npm test`. */
const canRun = (program: string) => isLong && isInstalled(program);
const quietMs = 6_000;
const mebi = 1024 * 1024;
/** On a machine that makes the flood itself. */
const bound = { times: 10, plusMs: 500 };
/** What the hub may hold of answers that are not taken, and half of that for the collector to be late. */
const mostGrowth = 192 * mebi;

const start = async (env: Readonly<Record<string, string>> = {}) =>
  startHubProcess({
    dataDir: await makeTempDir(),
    env,
    under: ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh'],
  });

async function startWithEvents(): Promise<HubProcess> {
  const hub = await start();
  const draft = { source: 'sw-1', severity: 'error', message: `link down ${'m'.repeat(3_000)}`, labels: { site: 'a' } };
  await post(
    hub.http,
    Array.from({ length: 300 }, () => draft),
  );
  return hub;
}

/** Runs it while a good client goes on, which may not notice, and looks at the hub afterwards. */
async function attack(hub: HubProcess, run: () => Promise<string>): Promise<string> {
  const producer = await connectTcp(`${hub.tcpHost}:${String(hub.tcpPort)}`);
  const good = startSteadyProducer(producer.socket);
  await delay(quietMs);
  const [before, held, said] = [good.p99(), residentBytes(hub.pid, 'RssAnon'), hub.output()];
  const output = await run();
  const during = good.p99();
  await delay(quietMs);
  const grown = residentBytes(hub.pid, 'RssAnon') - held;
  process.stderr.write(
    `outside-tools: p99 ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms during; ${(grown / mebi).toFixed(0)} MiB more\n`,
  );
  expect(await good.stop()).toEqual([]);
  expect(during).toBeLessThan(before * bound.times + bound.plusMs);
  expect(grown).toBeLessThan(mostGrowth);
  expect(hub.output().slice(said.length)).toBe('');
  expect((await ask(`${hub.http}/readyz`)).status).toBe(200);
  expect((await post(hub.http, { message: 'after it' })).status).toBe(201);
  return output;
}

describe.skipIf(!canRun('slowhttptest'))('slowhttptest', () => {
  it.each([
    ['slow heads', ['-H', '-i', '1', '-x', '24'], '/'],
    ['slow bodies', ['-B', '-i', '1', '-x', '10', '-s', '65536', '-f', 'application/json'], '/api/events'],
    ['slow reading', ['-X', '-n', '1', '-w', '1', '-y', '32', '-z', '8'], '/api/events?limit=1000'],
    ['many ranges', ['-R', '-a', '5', '-b', '3000'], '/'],
  ])('leaves a good client and the memory as they are: %s', async (_, mode, path) => {
    const hub = await startWithEvents();
    const load = ['-c', '1000', '-r', '200', '-l', '45', '-p', '3'];
    const output = await attack(hub, () => runTool('slowhttptest', [...mode, ...load, '-u', `${hub.http}${path}`], 90));
    expect(output).toMatch(/service available:\s+YES/);
    expect(output).not.toMatch(/service available:\s+NO/);
  });
});

describe.skipIf(!canRun('sqlmap'))('sqlmap', () => {
  it.each([
    ['the search', ['-u', '/api/events?q=link&limit=5', '-p', 'q']],
    [
      'a page',
      ['-u', '/api/events?after=1&before=90&source=sw-1&order=asc', '-p', 'after,before,source,order,limit,key'],
    ],
    ['the histogram', ['-u', '/api/histogram?q=link&since=1h&buckets=10', '-p', 'q,since,buckets']],
    ['the statistics', ['-u', '/api/stats?since=1h', '-p', 'since']],
    ['one record', ['-u', '/api/events/1*']],
    [
      'what is sent',
      ['-u', '/api/events', '-H', 'Content-Type: application/json', '--data', '{"source":"a","id":"b*"}'],
    ],
  ])('finds nothing to inject into %s', async (_, args) => {
    const hub = await startWithEvents();
    const at = args.map((text) => (text.startsWith('/api') ? `${hub.http}${text}` : text));
    const how = ['--batch', '--level', '3', '--risk', '2', '--flush-session', '--disable-coloring', '--timeout', '10'];
    const files = ['--output-dir', await makeTempDir()];
    const output = await attack(hub, () => runTool('sqlmap', [...how, ...files, ...at], 180));
    expect(output).toContain('all tested parameters do not appear to be injectable');
  });
});

describe('a hub with certificates', () => {
  const startSecure = async () => {
    const directory = await makeTempDir();
    await runCli(['certificate', '--out', directory], { dataDir: directory });
    const [certFile, keyFile] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')];
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    const hub = await start(tlsSettings({ cert, key, certFile, keyFile }));
    return { hub, ca: cert };
  };
  const ports = ['httpPort', 'tcpPort'] as const;
  const isAnswering = async (hub: HubProcess, ca: string) => {
    const producer = await connectTls(`${hub.tcpHost}:${String(hub.tcpPort)}`, { ca });
    const good = startSteadyProducer(producer);
    await delay(1_000);
    expect(await good.stop()).toEqual([]);
  };

  it.skipIf(!canRun('testssl')).each(ports)('has testssl find at its %s what the review answers', async (port) => {
    const { hub, ca } = await startSecure();
    const args = ['--quiet', '--color', '0', '--warnings', 'batch', `127.0.0.1:${String(hub[port])}`];
    const output = await runTool('testssl', args, 300);
    const found = output.split('\n').filter((line) => /NOT ok|VULNERABLE/.test(line) && !/\(OK\)/.test(line));
    process.stderr.write(`${found.join('\n')}\n`);
    const accepted = /Chain of trust|neither CRL nor OCSP|Has server cipher order|BREACH/;
    expect(output).toContain('Done ');
    expect(found.filter((line) => !accepted.test(line))).toEqual([]);
    await isAnswering(hub, ca);
  });

  it.skipIf(!canRun('sslscan')).each(ports)('has sslscan find no weak cipher at its %s', async (port) => {
    const { hub, ca } = await startSecure();
    const output = await runTool('sslscan', ['--no-colour', `127.0.0.1:${String(hub[port])}`], 120);
    expect(output).toMatch(/TLSv1\.1\s+disabled/);
    const ciphers = [...output.matchAll(/^(?:Accepted|Preferred)\s+TLSv1\.\d\s+\d+ bits\s+(\S+)/gm)].map(
      ([, name]) => name,
    );
    expect(ciphers.length).toBeGreaterThan(3);
    expect(ciphers.filter((name) => !/^(TLS_|ECDHE-.*(GCM|CHACHA20))/.test(name ?? ''))).toEqual([]);
    await isAnswering(hub, ca);
  });

  it.skipIf(!canRun('nmap'))('lives through the probes of nmap, which rates its ciphers A', async () => {
    const { hub, ca } = await startSecure();
    const scripts = ['ssl-enum-ciphers', 'ssl-cert', 'ssl-heartbleed', 'ssl-poodle', 'ssl-dh-params', 'tls-alpn'];
    const http = ['headers', 'methods', 'trace', 'title', 'security-headers', 'cors', 'cookie-flags', 'server-header'];
    const all = [...scripts, ...http.map((name) => `+http-${name}`)].join(',');
    const at = ['-p', `${String(hub.httpPort)},${String(hub.tcpPort)}`, '127.0.0.1'];
    const output = await runTool('nmap', ['-Pn', '-n', '-sV', '--script', all, '--script-timeout', '60s', ...at], 400);
    process.stderr.write(output);
    expect(output.match(/least strength: \w/g)).toEqual(['least strength: A', 'least strength: A']);
    await isAnswering(hub, ca);
  });
});
