#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read too: it has to run where the rest cannot, and say why.
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);

/** `range` as package.json has it: caret ranges joined by `||`. */
function satisfies(version, range) {
  const [major, minor] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [leastMajor, leastMinor] = part.trim().slice(1).split('.').map(Number);
    return major === leastMajor && minor >= leastMinor;
  });
}

async function findProblem(verb) {
  const { engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  if (!satisfies(process.versions.node, engines.node)) {
    const least = engines.node.replace(/\^/g, '').split(' || ').join(' or ');
    return `Node ${process.versions.node} is not supported; install Node ${least}, or a later release of the same major`;
  }
  if (!existsSync(new URL('dist/main.js', root))) return 'dist/ is not built; run `npm run build`';
  if (verb !== 'serve') return undefined;
  const { findNativeProblem } = await import('../dist/preflight.js');
  return findNativeProblem();
}

const problem = await findProblem(process.argv[2]);
if (problem === undefined) {
  process.setSourceMapsEnabled(true);
  await import('../dist/main.js');
} else {
  console.error(`alert-hub: ${problem}`);
  process.exitCode = 1;
}
