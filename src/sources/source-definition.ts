import type { z } from 'zod';
import type { Limits } from '../limits/limits.ts';
import type { Access } from '../pipeline/access.ts';
import type { Backlog } from '../pipeline/backlog.ts';
import type { ListeningSource } from '../pipeline/component.ts';

/** What every input with a port is given. */
export interface SourceMeans {
  readonly backlog: Backlog;
  readonly limits: Limits;
  readonly access: Access;
}

/** An input with a port of its own, as the registry knows it. */
export interface SourceDefinition<Settings extends z.ZodType> {
  /** The rules for its settings, with defaults. */
  readonly settings: Settings;
  readonly create: (settings: z.output<Settings>, means: SourceMeans) => ListeningSource;
}

export function defineSource<Settings extends z.ZodType>(
  definition: SourceDefinition<Settings>,
): SourceDefinition<Settings> {
  return definition;
}
