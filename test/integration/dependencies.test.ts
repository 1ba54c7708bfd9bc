import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const root = new URL('../../', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
const locked = Object.fromEntries(Object.entries(packages).filter(([path]) => path !== ''));

/** The names in the first column of the tables under a heading of docs/dependencies.md. */
function documented(heading: string): readonly string[] {
  const [, section = ''] = read('docs/dependencies.md').split(`## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...(row.split(' |')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

function withInstallScripts(): readonly string[] {
  return Object.entries(locked)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

describe('the dependencies', () => {
  it('have exact versions', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^(npm:(@?[\w/-]+)@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('are locked with a hash each', () => {
    expect(Object.entries(locked).filter(([, { version, integrity }]) => !version || !integrity)).toEqual([]);
  });

  it('have install scripts only where that is known and justified', () => {
    expect(withInstallScripts().toSorted()).toEqual(documented('Install scripts').toSorted());
    expect(Object.keys(manifest.allowScripts).toSorted()).toEqual(documented('Install scripts').toSorted());
  });

  it('are all listed with their reasons', () => {
    expect(documented('What runs').toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted());
    expect(documented('Building and testing').toSorted()).toEqual(Object.keys(manifest.devDependencies).toSorted());
  });

  it('are in the bill of materials as they are locked', () => {
    const script = fileURLToPath(new URL('scripts/sbom.js', root));
    const { components } = JSON.parse(execFileSync(process.execPath, [script], { stdio: 'pipe' }).toString()) as {
      components: readonly { name: string; version: string }[];
    };
    const versions = Object.fromEntries(components.map(({ name, version }) => [name, version]));
    for (const name of Object.keys(manifest.dependencies)) {
      expect([name, versions[name]]).toEqual([name, locked[`node_modules/${name}`]?.version]);
    }
    expect(versions).not.toHaveProperty('vitest');
  });
});
