import type { RecordedEvent } from '../pipeline/event.ts';
import { Delivery } from './delivery.ts';
import { counted } from './numbers.ts';
import { Output } from './output.ts';
import { plainJson } from './plain-text.ts';
import { draftOf } from './recorded-draft.ts';
import type { TargetOptions } from './target.ts';

/** Where replayed events go. */
export interface ReplaySink {
  /** Undefined when it can take another at once, else a promise of that. */
  take(event: RecordedEvent): Promise<void> | undefined;
  /** Resolves with what went wrong, in lines for people. */
  finish(): Promise<readonly string[]>;
  stop(reason: string): void;
  /** For a progress line. */
  inWords(): string;
}

/** A hub that is sent to may be restarted meanwhile, or its disk cleared. */
const giveUpAfterMs = 3_600_000;

/** Lines of JSON on standard output. `onOver` is told when nobody reads them any more. */
export function outputSink(onOver: () => void): ReplaySink {
  const output = new Output(process.stdout, onOver);
  return {
    take: (event) => (output.line(plainJson(event)) ? undefined : output.ready()),
    finish: () => Promise.resolve([]),
    stop: onOver,
    inWords: () => '',
  };
}

/** Another hub. `onOver` is told when it takes no more. */
export async function hubSink(
  target: TargetOptions,
  note: (line: string) => void,
  onOver: () => void,
): Promise<ReplaySink> {
  const delivery = await Delivery.open({
    target: { ...target, env: targetEnvironment(process.env) },
    giveUpAfterMs,
    onVerdict: (verdict, position) => {
      if (!verdict.ok) note(`position ${position}: ${verdict.code}: ${verdict.error}`);
    },
    noun: 'position',
    note,
    onOver,
  });
  const words = (): string => {
    const { acknowledged, duplicates, rejected } = delivery.tally;
    const [all, before, refused] = [acknowledged, duplicates, rejected].map((count) => count.toLocaleString('en-US'));
    return `, ${all ?? ''} acknowledged (${before ?? ''} of them before), ${refused ?? ''} rejected`;
  };
  return {
    take: (event) => delivery.send(draftOf(event), event.position),
    finish: async () => {
      const failure = await delivery.finish();
      const { rejected } = delivery.tally;
      return rejected === 0 ? failure : [...failure, `refused: ${counted(rejected, 'event')}`];
    },
    stop: (reason) => delivery.stop(reason),
    inWords: words,
  };
}

/** The token of the hub that is read from is nothing to show to another. */
function targetEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    HUB_TOKEN: env['HUB_TARGET_TOKEN'],
    HUB_TOKEN_FILE: env['HUB_TARGET_TOKEN_FILE'],
    HUB_DATA_DIR: env['HUB_DATA_DIR'],
  };
}
