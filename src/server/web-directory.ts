import { fileURLToPath } from 'node:url';

/** Where the built page is: beside the bundle, or in the build when this runs from source (development, tests). */
export function webDirectory(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/web' : './web', import.meta.url));
}
