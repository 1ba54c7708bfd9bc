import { signal } from '@preact/signals';

/** Whether this page was open while the log was still empty. */
export const isFirstRun = signal(false);
