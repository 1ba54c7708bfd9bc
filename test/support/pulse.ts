import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const child = fileURLToPath(new URL('pulse-child.ts', import.meta.url));

/** How long the hub's event loop lets others wait, seen by a client that pings it. */
export interface Pulse {
  /** Milliseconds that 99 of 100 pings since the last call took at most. Rejects when the connection is gone. */
  p99(): Promise<number>;
}

/** Resolves when pings are answered; `ws` is the hub's `ws://…/ws`. Ends with the test. */
export async function takePulse(ws: string): Promise<Pulse> {
  const pulse = spawn(process.execPath, ['--import', 'tsx', child, ws], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(pulse, 'exit').then(([code]) => {
    throw new Error(`the pulse ended with ${String(code)}: the hub has cut a client that did nothing wrong`);
  });
  gone.catch(() => undefined);
  onTestFinished(() => {
    pulse.kill('SIGKILL');
  });
  const lines = createInterface({ input: pulse.stdout });
  await Promise.race([once(lines, 'line'), gone]);
  return {
    p99: async () => {
      const line = once(lines, 'line') as Promise<[string]>;
      pulse.stdin.write('\n');
      const [text] = await Promise.race([line, gone]);
      const sorted = (JSON.parse(text) as number[]).sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length * 0.99)] ?? NaN;
    },
  };
}
