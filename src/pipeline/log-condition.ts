/** Whether the log takes events; only `ok` is good. `full`: not until there is room. `damaged`: not until a person has
 *  looked. `failing`: not at the moment, for another reason. */
export type LogState = 'ok' | 'full' | 'damaged' | 'failing';

/** Whether the log can do its work, and for how long. */
export interface LogCondition {
  readonly state: LogState;
  /** Why the log takes nothing now, in words for people; null when it takes what comes. */
  readonly trouble: string | null;
  readonly disk: {
    /** Bytes. */
    readonly free: number;
    /** `low` is a warning; when it is `full`, only the hub's own records are taken, so that what is under way can end. */
    readonly level: DiskLevel;
  };
  /** Bytes of what is committed and not yet in its final place; grows while somebody reads the file for long. */
  readonly walBytes: number;
  /** How often it could not be brought there because of that, since the log was opened. */
  readonly checkpointsBusy: number;
}

export type DiskLevel = 'enough' | 'low' | 'full';

/** A log that says how it is. */
export interface ConditionedLog {
  readonly condition: LogCondition;
}
