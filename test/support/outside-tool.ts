import { execFileSync, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Whether a program of Debian's is here; says so when it is not. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`skipped: ${program} is not installed: as root on Debian, \`apt-get install ${program}\`\n`);
    return false;
  }
}

/** Runs it to its end, or for so long, and resolves with all that it printed, without colours. */
export async function runTool(program: string, args: readonly string[], seconds: number): Promise<string> {
  process.stderr.write(`outside-tools: ${program} ${args.join(' ')}\n`);
  const child = spawn('timeout', [String(seconds), program, ...args], {
    env: { ...process.env, TERM: 'dumb' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill();
  });
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  // eslint-disable-next-line no-control-regex -- it is what colours are made of.
  return (out + error).replace(/\x1b\[[\d;]*[A-Za-z]/g, '');
}
