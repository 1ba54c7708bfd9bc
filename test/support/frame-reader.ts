import type { FrameFormat } from '../../src/pipeline/subscriptions.ts';

/** What one frame says, of whatever kind it is. */
export interface Said {
  readonly positions: readonly number[];
  /** The position that a reader resumes after, when the frame names one. */
  readonly cursor: number | undefined;
}

interface WsFrame {
  readonly position?: number;
  readonly events?: readonly { readonly position: number }[];
}

const recordIn = (json: string): number => (JSON.parse(json) as { position: number }).position;

/** Reads frames as their receivers do, without the hub's code. */
export const readFrame: Readonly<Record<FrameFormat, (text: string) => Said>> = {
  ws: (text) => {
    const { position, events = [] } = JSON.parse(text) as WsFrame;
    const positions = events.map((event) => event.position);
    return { positions, cursor: position ?? positions.at(-1) };
  },
  sse: (text) => {
    const positions = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => recordIn(json));
    const named = [...text.matchAll(/^id: .*:(\d+)$/gm)].at(-1)?.[1];
    return { positions, cursor: named === undefined ? undefined : Number(named) };
  },
  ndjson: (text) => {
    const positions = text
      .split('\n')
      .filter((line) => line !== '')
      .map(recordIn);
    return { positions, cursor: positions.at(-1) };
  },
};
