import { TestBed } from '@angular/core/testing';
import type { ChatMessage } from '@clawtank/contracts';
import { JONAS, MARA, OTTER, ROOM_ID, aMessage, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { WorkOffer } from './work-offer';

const ASKED = 'could somebody fix the flaky login test?';
const OFFER = 'Make this a task?';

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

/** The same device, the page loaded again. */
function anotherPage(): void {
  TestBed.resetTestingModule();
  room = new OpenRoom();
}

describe('an offer to make a message a task', () => {
  const asked = (changes: Partial<ChatMessage> = {}) =>
    aMessage(11, { message: ASKED, timestamp: new Date().toISOString(), ...changes });
  async function show(message: ChatMessage, state: Parameters<typeof aRoom>[0] = {}) {
    await room.open(aRoom(state));
    return render(room, WorkOffer, { message });
  }

  it('stands under what reads like work and names nobody, whoever of the people wrote it', async () => {
    const fixture = await show(asked());
    expect(button(fixture, OFFER)).toBeDefined();
    fixture.componentRef.setInput('message', asked({ author: MARA }));
    await update(room, fixture);
    expect(button(fixture, OFFER)).toBeDefined();
  });

  it.each<[string, Partial<ChatMessage>, Parameters<typeof aRoom>[0]]>([
    ['talk', { message: 'how do we fix the login test?' }, {}],
    ['what an agent said', { author: OTTER }, {}],
    ['what is deleted', { deletedAt: '2026-11-21T12:00:00.000Z' }, {}],
    ['what was asked long ago', { timestamp: '2026-01-01T12:00:00.000Z' }, {}],
    ['what somebody reads who may not make tasks', {}, { abilities: ['read', 'chat'] }],
  ])('does not stand under %s', async (_, message, state) => {
    expect(words(page(await show(asked(message), state)))).toBe('');
  });

  it('makes the task with one click and says which it is', async () => {
    const fixture = await show(asked());
    button(fixture, OFFER)?.click();
    await update(room, fixture);
    const request = room.socket.last('create_task');
    expect(request.request).toMatchObject({ roomId: ROOM_ID, description: ASKED, sourceMessageId: 'message-11' });
    const task = aTask({ number: 7, createdBy: MARA, assignedTo: null, sourceMessageId: 'message-11' });
    room.hear(anEvent(11, 'task.created', { task }, MARA));
    request.answer({ ok: true, data: task });
    await update(room, fixture);
    expect(button(fixture, OFFER)).toBeUndefined();
    expect(words(page(fixture).querySelector('[role=status] a'))).toBe('Task 7');
    button(fixture, 'Undo')?.click();
    await update(room, fixture);
    expect(room.socket.last('cancel_task').request).toMatchObject({ taskId: task.id });
    room.hear(anEvent(12, 'task.cancelled', { task: { ...task, state: 'cancelled' } }, MARA));
    await update(room, fixture);
    expect(words(page(fixture))).toBe('');
  });

  it('leads to the task that another member made of it, which is theirs to undo', async () => {
    const task = aTask({ number: 7, createdBy: JONAS, sourceMessageId: 'message-11' });
    const fixture = await show(asked(), { tasks: [task] });
    expect(words(page(fixture))).toBe('Task 7');
  });

  it('says why it could not, and can be tried again', async () => {
    const fixture = await show(asked());
    button(fixture, OFFER)?.click();
    await update(room, fixture);
    room.socket.last('create_task').answer({ ok: false, error: { code: 'not_found', message: 'There is no message' } });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toContain('There is no message');
    expect(button(fixture, OFFER)).toBeDefined();
  });

  it('is gone for good for whoever declines it, and for nobody else', async () => {
    const fixture = await show(asked());
    button(fixture, 'No task of this')?.click();
    await update(room, fixture);
    expect(words(page(fixture))).toBe('');
    anotherPage();
    expect(words(page(await show(asked())))).toBe('');
    localStorage.setItem('clawtank.declined-offers.jonas', localStorage.getItem('clawtank.declined-offers.mara') ?? '');
    localStorage.removeItem('clawtank.declined-offers.mara');
    anotherPage();
    expect(button(await show(asked()), OFFER)).toBeDefined();
  });
});
