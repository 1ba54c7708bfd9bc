import type { z } from 'zod';
import type { ListeningSource, Source } from '../pipeline/component.ts';
import type { HttpIngest, LineIngest, WsIngest } from '../pipeline/ingest-ports.ts';
import { createHttpSource } from './http.ts';
import { createImportSource } from './import.ts';
import type { SourceDefinition, SourceMeans } from './source-definition.ts';
import { tcpDefinition } from './tcp.ts';
import { createWsSource } from './ws.ts';

/** The inputs with a port of their own, by the name of their settings. A new one is its file and a line here. */
const definitions = { tcp: tcpDefinition };

type Definitions = typeof definitions;
type SourceSettings = { readonly [Name in keyof Definitions]: Definitions[Name]['settings'] };
export type SourceConfig = { readonly [Name in keyof Definitions]: z.output<Definitions[Name]['settings']> };

export interface Sources {
  /** Those that the server hands what comes in through its own port. */
  readonly served: {
    readonly http: Source & HttpIngest;
    readonly ws: Source & WsIngest;
    readonly imports: Source & LineIngest;
  };
  readonly listening: readonly ListeningSource[];
  readonly all: readonly Source[];
}

/** Each input's rules for its settings, part of the configuration's schema. */
export const sourceSettings = Object.fromEntries(
  Object.entries(definitions).map(([name, { settings }]) => [name, settings]),
) as unknown as SourceSettings;

/** Every input of a hub, none of them open yet. */
export function createSources(config: SourceConfig, means: SourceMeans): Sources {
  const { backlog } = means;
  const served = {
    http: createHttpSource(backlog),
    ws: createWsSource(backlog),
    imports: createImportSource(backlog),
  };
  const listening = Object.entries(definitions as Readonly<Record<string, SourceDefinition<z.ZodType>>>).map(
    ([name, { create }]) => create(config[name as keyof SourceConfig], means),
  );
  return { served, listening, all: [...Object.values(served), ...listening] };
}
