/** Whether the log can do its work, and for how long. */
export interface LogCondition {
  /** Why the log takes nothing now, in words for people; null when it takes what comes. */
  readonly trouble: string | null;
  readonly disk: {
    /** Bytes. */
    readonly free: number;
    /** `low` is a warning; when it is `full`, only the hub's own records are taken, so that what is under way can end. */
    readonly level: 'enough' | 'low' | 'full';
  };
  /** Bytes of what is committed and not yet in its final place; grows while somebody reads the file for long. */
  readonly walBytes: number;
}

/** A log that says how it is. */
export interface ConditionedLog {
  readonly condition: LogCondition;
}
