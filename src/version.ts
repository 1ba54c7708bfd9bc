import { createRequire } from 'node:module';

/** As in package.json, which is one folder up from the sources and from the build alike. */
export const version = (createRequire(import.meta.url)('../package.json') as { version: string }).version;
