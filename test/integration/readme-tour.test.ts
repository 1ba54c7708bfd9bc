import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const steps = tourOf('README.md');

/** The commands of a readme's tour, step by step. */
function tourOf(readme: string): string[] {
  const text = readFileSync(`${root}${readme}`, 'utf8');
  return [...text.matchAll(/^```sh tour\n([\s\S]*?)^```$/gm)].map(([, commands = '']) => commands);
}

/** Runs a step of the tour as it stands, but for the hub's addresses and the command's path. */
async function run(step: string, hub: HubProcess, dataDir: string): Promise<string> {
  const script = step
    .replaceAll('http://127.0.0.1:8080', hub.http)
    .replaceAll('127.0.0.1 9000', `${hub.tcpHost} ${String(hub.tcpPort)}`)
    .replaceAll('npx alert-hub', `${process.execPath} ${root}bin/alert-hub.js`);
  const env = { ...process.env, HUB_DATA_DIR: dataDir, NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)('bash', ['-ec', script], { env });
  return stdout;
}

describe("the README's tour", () => {
  test('is the same in Spanish', () => {
    expect(tourOf('README.es.md')).toEqual(steps);
  });

  test('does what it says, step by step', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const said: string[] = [];
    for (const step of steps) said.push(await run(step, hub, dataDir));

    const [http, tcp, send, query, replay, page, stream] = said;
    expect(steps).toHaveLength(7);
    expect(http).toMatch(/^\{"ok":true,"id":"[^"]+","position":1\}$/);
    expect(tcp).toMatch(/"position":2\}\n.*"position":3\}\n$/s);
    expect(send).not.toMatch(/error/i);
    expect(query).toContain('server room door open');
    expect(query).toContain('backup of vm-files failed');
    expect(query).not.toContain('temperature');
    expect(
      replay
        ?.trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { position: number }).position),
    ).toEqual([2, 3]);
    expect((JSON.parse(page ?? '') as { events: object[] }).events).toHaveLength(2);
    expect(stream).toContain('temperature 81 C');
  });
});
