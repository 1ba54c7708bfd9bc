import type { Backlog } from '../pipeline/backlog.ts';
import type { Source } from '../pipeline/component.ts';
import type { JsonValue } from '../pipeline/event.ts';
import type { WsIngest } from '../pipeline/ingest-ports.ts';
import { AnswerQueue } from './answer-queue.ts';
import { emitItems } from './draft-items.ts';
import { Emitter } from './emitter.ts';
import { Verdicts } from './verdicts.ts';

/** Drafts that are published over WebSockets. The server hands the frames in. */
export function createWsSource(backlog: Backlog): Source & WsIngest {
  const emitter = new Emitter('ws', backlog);
  return {
    name: 'ws',
    open: () => emitter.envelopes$,
    closed: () => emitter.idle(),
    connect: (send, sources = null) => {
      const answers = new AnswerQueue(send);
      const answer = (ref: JsonValue | undefined, fill: (verdicts: Verdicts) => void) => {
        const ticket = answers.ask();
        const verdicts = new Verdicts();
        fill(verdicts);
        void verdicts.complete().then(() => {
          answers.answer(ticket, ackFrame(ref, verdicts));
        });
      };
      return {
        publish: (drafts, ref, frameText) => {
          answer(ref, (verdicts) => {
            emitItems(drafts, frameText, emitter, () => verdicts.next(), sources);
          });
        },
        refuse: (count, ref, outcome) => {
          answer(ref, (verdicts) => {
            for (let at = 0; at < count; at += 1) verdicts.next()(outcome);
          });
        },
      };
    },
  };
}

function ackFrame(ref: JsonValue | undefined, verdicts: Verdicts): string {
  const refField = ref === undefined ? '' : `,"ref":${JSON.stringify(ref)}`;
  return `{"type":"ack"${refField},"results":${verdicts.list()}}`;
}
