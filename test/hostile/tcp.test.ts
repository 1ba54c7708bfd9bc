import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { openBystanders, stageHub } from '../support/hostile-stage.ts';
import { residentBytes } from '../support/process-memory.ts';
import { canSample } from '../support/process-sample.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { tcpRows, writePieces } from './rows/tcp.ts';

const stage = stageHub();
const mebibyte = 1024 * 1024;

const connect = () => connectTcp(`${stage.hub.tcpHost}:${stage.hub.tcpPort}`);

describe('hostile bytes over TCP', () => {
  it.each(tcpRows)('$number: $what, and nobody else notices', async ({ pieces, answers, end }) => {
    const bystanders = await openBystanders(stage.hub);
    const producer = await connect();
    await writePieces(producer.socket, pieces());
    if (end === 'half') producer.socket.end();
    const given = await producer.answered(answers.length);
    expect(given.map(({ ok, code }) => (ok ? 'ok' : code))).toEqual(answers);
    if (end === 'reset') producer.socket.resetAndDestroy();
    else if (end !== undefined) await producer.ended;
    if (end === 'cut') producer.socket.end();
    await bystanders.expectUndisturbed();
    // No answer has come that nothing asked for, and the connection is still there unless the producer ended it.
    expect(producer.answers).toHaveLength(answers.length);
    expect(producer.socket.readyState).toBe(end === undefined ? 'open' : 'closed');
  });

  it.runIf(canSample)('1: a line without end takes no memory', async () => {
    const bystanders = await openBystanders(stage.hub);
    const producer = await connect();
    await writePieces(producer.socket, ['{', 'a'.repeat(mebibyte)]);
    await producer.answered(1);
    const write = async (mebibytes: number) => {
      for (let written = 0; written < mebibytes; written += 1)
        await writePieces(producer.socket, ['a'.repeat(mebibyte)]);
    };
    // By then there is as much garbage as there is ever left to be collected.
    await write(100);
    const before = residentBytes(stage.hub.pid, 'RssAnon');
    await write(200);
    await bystanders.expectUndisturbed();
    expect(producer.answers).toHaveLength(1);
    expect(residentBytes(stage.hub.pid, 'RssAnon') - before).toBeLessThan(32 * mebibyte);
  });

  it('36: a producer that reads no answers is not read either, and loses nothing when it does', async () => {
    const bystanders = await openBystanders(stage.hub);
    const producer = await connect();
    producer.socket.pause();
    const line = `${JSON.stringify({ message: 'x'.repeat(1_000) })}\n`;
    let sent = 0;
    // Until the connection takes no more: the hub has stopped reading.
    while (sent < 400_000 && producer.socket.writableLength < 4 * mebibyte) {
      producer.send(line.repeat(100));
      sent += 100;
      await new Promise(setImmediate);
    }
    expect(sent).toBeLessThan(400_000);
    await bystanders.expectUndisturbed();
    producer.socket.resume();
    await waitFor(() => producer.answers.length === sent, { what: 'every answer', within: 60_000 });
    expect(producer.answers.every(({ ok }) => ok)).toBe(true);
  });
});
