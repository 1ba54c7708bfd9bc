/** Where the code of a thread is: beside the bundle, or in the build when this runs from source (development, tests). */
export function threadFile(name: string): URL {
  return new URL(import.meta.url.endsWith('.ts') ? `../../../dist/${name}.js` : `./${name}.js`, import.meta.url);
}
