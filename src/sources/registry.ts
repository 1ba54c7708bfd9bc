import type { z } from 'zod';
import type { ListeningSource } from '../pipeline/component.ts';
import type { SourceDefinition, SourceMeans } from './source-definition.ts';
import { tcpDefinition } from './tcp.ts';

/** The inputs with a port of their own, by the name of their settings. A new one is its file and a line here. */
const definitions = { tcp: tcpDefinition };

type Definitions = typeof definitions;
type SourceSettings = { readonly [Name in keyof Definitions]: Definitions[Name]['settings'] };
export type SourceConfig = { readonly [Name in keyof Definitions]: z.output<Definitions[Name]['settings']> };

/** Each input's rules for its settings, part of the configuration's schema. */
export const sourceSettings = Object.fromEntries(
  Object.entries(definitions).map(([name, { settings }]) => [name, settings]),
) as unknown as SourceSettings;

export function createSources(config: SourceConfig, means: SourceMeans): readonly ListeningSource[] {
  return Object.entries(definitions as Readonly<Record<string, SourceDefinition<z.ZodType>>>).map(
    ([name, { create }]) => create(config[name as keyof SourceConfig], means),
  );
}
