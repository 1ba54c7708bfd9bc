import fs from 'node:fs';
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import type { Document, LineCounter } from 'yaml';

type Path = readonly (string | number)[];

interface FileLayer {
  /** Unchecked. */
  readonly values: Record<string, unknown>;
  readonly mistakes: readonly string[];
  /** Where the file says what is at a path. */
  readonly place: (path: Path) => string;
}

/** What a settings file says. Reads nothing when none is named. */
export function readSettingsFile(file: string | undefined): FileLayer {
  if (file === undefined) return { values: {}, mistakes: [], place: (path) => path.join('.') };
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    return { values: {}, mistakes: [`${file}: cannot be read; ${(error as Error).message}`], place: () => file };
  }
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  // Pretty errors quote the file, where a password may be.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const mistakes = document.errors.map(
    ({ pos, message }) => `${file}:${String(lines.linePos(pos[0]).line)}: ${message}`,
  );
  const values = mistakes.length > 0 ? {} : valuesOf(document, (message) => mistakes.push(`${file}: ${message}`));
  if (values !== null && (typeof values !== 'object' || Array.isArray(values))) {
    return { values: {}, mistakes: [`${file}:1: must hold settings as name: value`], place: () => file };
  }
  return {
    values: (values ?? {}) as Record<string, unknown>,
    mistakes,
    place: (path) => linePlace(file, document, lines, path),
  };
}

/** Aliases of aliases can stand for more than any memory holds: yaml refuses those only here. */
function valuesOf(document: Document, refuse: (message: string) => void): unknown {
  try {
    return document.toJS();
  } catch (error) {
    refuse((error as Error).message);
    return {};
  }
}

function linePlace(file: string, document: Document, lines: LineCounter, path: Path): string {
  const { isMap, isNode } = loadYaml();
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find((item) => isNode(item.key) && String(item.key) === String(path.at(-1)))
    : undefined;
  const node = pair?.key ?? document.getIn(path, true);
  const offset = isNode(node) ? node.range?.[0] : undefined;
  return offset === undefined ? file : `${file}:${String(lines.linePos(offset).line)}`;
}

/** Not before there is a file to read: it is large, and most hubs have none. */
function loadYaml(): typeof Yaml {
  return createRequire(import.meta.url)('yaml') as typeof Yaml;
}
