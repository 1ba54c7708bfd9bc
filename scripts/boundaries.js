/**
 * Checks the rules of `.dependency-cruiser.cjs`, and that they were checked on everything: without a TypeScript that it
 * understands, dependency-cruiser skips every `.ts` file and finds no violations.
 */
import { readdirSync } from 'node:fs';
import { cruise, format } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const directories = ['src', 'web', 'demo', 'examples'];

function countSources(directory) {
  return readdirSync(directory, { recursive: true }).filter((name) => /\.(tsx?|mjs)$/.test(name)).length;
}

const options = await extractOptions('./.dependency-cruiser.cjs');
const tsConfig = extractTsConfig('tsconfig.json');
const { output: result } = await cruise(directories, options, undefined, { tsConfig });
const { output: text } = await format(result, { outputType: 'err-long' });
console.log(text.trim());

const sources = directories.reduce((sum, directory) => sum + countSources(directory), 0);
const cruised = result.modules.filter(({ source }) => /^(src|web|demo|examples)\/.*\.(tsx?|mjs)$/.test(source)).length;
const isComplete = sources > 0 && cruised >= sources;
if (!isComplete) console.error(`dependency-cruiser saw ${cruised} of ${sources} source files`);
process.exitCode = isComplete && result.summary.error === 0 ? 0 : 1;
