import { describe, expect, it } from '@jest/globals';
import type { Target } from './domain/target.js';
import { Resumptions } from './resumptions.js';

const ROOM: Target = { kind: 'room', roomId: '00000000-0000-4000-8000-00000000000a' };
const OTHER: Target = { kind: 'room', roomId: '00000000-0000-4000-8000-00000000000b' };

describe('what OpenClaw sends of its own accord', () => {
  it('is about nothing in particular where nothing was told, or a turn answers', async () => {
    const resumptions = new Resumptions();
    resumptions.tell(ROOM, 'm1', {}).decide(false);
    expect(await resumptions.answeredBy(ROOM, 'q1')).toBeNull();
    expect(await resumptions.answeredBy(OTHER, 'q1')).toBeNull();
    expect(await resumptions.isUnderWay(ROOM)).toBe(false);
  });

  it('answers the message that was taken up before, with one sending and no other', async () => {
    const resumptions = new Resumptions();
    resumptions.tell(ROOM, 'm1', { replyTo: 'm1' }).decide(true);
    expect(await resumptions.isUnderWay(ROOM)).toBe(true);
    expect(await resumptions.answeredBy(ROOM, 'q1')).toMatchObject({ messageId: 'm1', place: { replyTo: 'm1' } });
    expect(await resumptions.answeredBy(ROOM, 'q2')).toBeNull();
    expect(await resumptions.answeredBy(ROOM, 'q1')).toMatchObject({ messageId: 'm1' });
    expect(await resumptions.isUnderWay(ROOM)).toBe(false);
  });

  it('waits until it is known whether the message was taken up before', async () => {
    const resumptions = new Resumptions();
    const { decide } = resumptions.tell(ROOM, 'm1', {});
    const answered = resumptions.answeredBy(ROOM, 'q1');
    decide(true);
    expect(await answered).toMatchObject({ messageId: 'm1' });
  });

  it('is waited for, until it has come or everything stops', async () => {
    const resumptions = new Resumptions();
    const stopping = new AbortController();
    resumptions.tell(ROOM, 'm1', {}).decide(true);
    const answered = resumptions.isAnswered(ROOM, stopping.signal);
    (await resumptions.answeredBy(ROOM, 'q1'))?.answered();
    expect(await answered).toBe(true);

    resumptions.tell(ROOM, 'm2', {}).decide(true);
    const waiting = resumptions.isAnswered(ROOM, stopping.signal);
    stopping.abort();
    expect(await waiting).toBe(false);
    expect(await resumptions.isAnswered(ROOM, stopping.signal)).toBe(false);
  });

  it('is about nothing that was told before the newest message', async () => {
    const resumptions = new Resumptions();
    resumptions.tell(ROOM, 'm1', {}).decide(true);
    resumptions.tell(ROOM, 'm2', {}).decide(false);
    expect(await resumptions.answeredBy(ROOM, 'q1')).toBeNull();
  });
});
