import type { JsonObject, Severity, Status } from '../../src/pipeline/event.ts';

/** What a device says, once it has the time at which it says it: a draft for the hub. */
export interface Report {
  readonly source: string;
  readonly severity: Severity;
  readonly message: string;
  readonly key?: string;
  readonly status?: Status;
  readonly labels: Readonly<Record<string, string>>;
  readonly data?: JsonObject;
}

export interface Stepped<Device> {
  readonly device: Device;
  readonly reports: readonly Report[];
}
