import type { z } from 'zod';
import type { Limits } from '../limits/limits.ts';
import type { Backlog } from '../pipeline/backlog.ts';
import type { ListeningSource } from '../pipeline/component.ts';

/** An input with a port of its own, as the registry knows it. */
export interface SourceDefinition<Settings extends z.ZodType> {
  /** The rules for its settings, with defaults. */
  readonly settings: Settings;
  readonly create: (settings: z.output<Settings>, backlog: Backlog, limits: Limits) => ListeningSource;
}

export function defineSource<Settings extends z.ZodType>(
  definition: SourceDefinition<Settings>,
): SourceDefinition<Settings> {
  return definition;
}
