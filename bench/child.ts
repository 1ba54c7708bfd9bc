import { programs, type ProgramName, type Report } from './programs.ts';

/** The main file of a program's process: `child.js <name> <options as JSON>`. */
const [name = '', ...options] = process.argv.slice(2);
// Whoever started this is gone, or needs it no more.
process.once('disconnect', () => process.exit());

function report(message: Report): void {
  process.send?.(message);
}

try {
  const { run } = await programs[name as ProgramName]();
  report({
    result: await (run as (...options: unknown[]) => unknown)(...options.map((json) => JSON.parse(json) as unknown)),
  });
} catch (error) {
  report({ error: error instanceof Error ? error.message : String(error) });
}
