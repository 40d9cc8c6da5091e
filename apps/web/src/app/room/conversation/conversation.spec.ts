import { TestBed } from '@angular/core/testing';
import { Talk } from '../talk/talk';
import { MARA, OTTER, ROOM_ID, aMessage, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { Conversation } from './conversation';

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('the conversation', () => {
  it('is a log in which work stands between what was said', async () => {
    await room.open();
    const fixture = await render(room, Conversation);
    room.hear(aMessage(11, { message: 'Please do' }));
    room.hear(anEvent(12, 'task.created', { task: aTask() }, MARA));
    room.hear(anEvent(13, 'agent.claimed_task', { task: aTask({ lease: { holder: OTTER } }), ownerName: 'mara' }));
    room.hear(aMessage(14, { author: OTTER, message: 'On it' }));
    await update(room, fixture);
    const log = page(fixture).querySelector('[role=log]');
    expect(log?.getAttribute('aria-label')).toBe('Conversation');
    const rows = [...(log?.querySelectorAll('ct-message, ct-work-line') ?? [])].map(words);
    expect(rows[0]).toContain('Please do');
    expect(rows[1]).toContain('otter claimed Add login');
    expect(rows[1]).toContain('2 steps');
    expect(rows[2]).toContain('mara’s agent');
  });

  it('opens a work line in place to tell how things got there', async () => {
    await room.open();
    const fixture = await render(room, Conversation);
    room.hear(anEvent(11, 'task.created', { task: aTask() }, MARA));
    room.hear(anEvent(12, 'task.cancelled', { task: aTask() }, MARA));
    await update(room, fixture);
    const toggle = button(fixture, '2 steps');
    expect(toggle?.getAttribute('aria-expanded')).toBe('false');
    toggle?.click();
    await update(room, fixture);
    expect(toggle?.getAttribute('aria-expanded')).toBe('true');
    expect([...page(fixture).querySelectorAll('ct-work-line li')].map(words)[0]).toContain(
      'mara asked otter for Add login',
    );
  });

  it('shows why a message was not sent, and what can be done about it', async () => {
    await room.open();
    const fixture = await render(room, Conversation);
    await room.say('Hello');
    room.socket
      .last('chat_message')
      .answer({ ok: false, error: { code: 'forbidden', message: 'Guests cannot write.' } });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toContain('Not sent. Guests cannot write.');
    button(fixture, 'Discard')?.click();
    await update(room, fixture);
    expect(page(fixture).querySelector('ct-message')).toBeNull();
  });

  it('says of a members’ message in a public room that it is one', async () => {
    await room.open();
    const fixture = await render(room, Conversation);
    room.hear(aMessage(11, { visibility: 'members' }));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ct-message'))).toContain('members only');
  });

  it('leads to bringing an agent when none sits in an empty room', async () => {
    await room.open(aRoom({ members: aRoom().members.filter(({ type }) => type === 'human') }));
    const fixture = await render(room, Conversation);
    expect(words(page(fixture))).toContain('No agent in the tank yet');
    const link = [...page(fixture).querySelectorAll('a')].find((one) => words(one) === 'Bring an agent');
    expect(link?.getAttribute('href')).toContain('work=members');
  });

  it('invites nobody to say anything in an archived room', async () => {
    const { room: settings } = aRoom();
    await room.open(aRoom({ room: { ...settings, archivedAt: '2026-11-21T12:00:00.000Z' } }));
    const fixture = await render(room, Conversation);
    expect(words(page(fixture))).toContain('The room was archived before anybody did.');
    expect(words(page(fixture))).not.toMatch(/Say what you want|Bring an agent/);
  });

  it('reads out once what others say: not the past, not an edit, not the reader’s own words', async () => {
    await room.open(aRoom({ messages: [aMessage(9)] }));
    const fixture = await render(room, Conversation);
    const heard = () => [...page(fixture).querySelectorAll('ct-announcements p')].map(words);
    expect(page(fixture).querySelector('[role=log]')?.getAttribute('aria-live')).toBe('off');
    expect(heard()).toEqual([]);
    room.hear(aMessage(11, { message: '**Please** do' }));
    room.hear(aMessage(12, { author: MARA }));
    room.hear(aMessage(13, { author: OTTER, message: 'On it', threadId: 'message-9' }));
    room.hear(anEvent(14, 'chat.edited', { message: aMessage(11, { message: 'Changed' }) }));
    await update(room, fixture);
    expect(heard()).toEqual(['jonas: Please do', 'otter, in a thread: On it']);
  });

  it('collapses what was deleted and what was said in threads', async () => {
    await room.open();
    const fixture = await render(room, Conversation);
    room.hear(aMessage(11, { message: 'The plan' }));
    room.hear(aMessage(12, { message: 'Oops' }));
    room.hear(anEvent(13, 'chat.deleted', { messageId: 'message-12', threadId: null, thread: null }));
    room.hear(aMessage(14, { author: OTTER, threadId: 'message-11' }));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ct-gone-line'))).toContain('A message of jonas was deleted');
    expect(words(page(fixture).querySelector('ct-replies-line'))).toContain('otter replied to “The plan”');
    expect(words(page(fixture))).not.toContain('Oops');
  });

  it('shows where what is new begins, and how much of it there is', async () => {
    await room.open(aRoom({ seq: 20, messages: [aMessage(18), aMessage(19), aMessage(20)] }));
    const fixture = await render(room, Conversation);
    const badge = { roomId: ROOM_ID, unread: 2, mentions: 0, lastReadSeq: 18, firstUnreadSeq: 19, level: 'all' };
    room.socket.push('badges_changed', { rooms: [badge], direct: [], notifications: 0 });
    await update(room, fixture);
    const log = [...(page(fixture).querySelector('.content')?.children ?? [])].map(({ tagName }) => tagName);
    expect(log).toEqual(['CT-DAY-LABEL', 'CT-MESSAGE', 'CT-NEW-LABEL', 'CT-MESSAGE', 'CT-MESSAGE']);
  });

  it('leads from message to message by arrow keys, and from the last one to where one writes', async () => {
    await room.open(aRoom({ messages: [aMessage(9), aMessage(10)] }));
    const fixture = await render(room, Conversation);
    document.body.append(page(fixture));
    const articles = [...page(fixture).querySelectorAll<HTMLElement>('article')];
    const press = async (key: string) => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await update(room, fixture);
    };
    let wrote = 0;
    TestBed.inject(Talk).composerIs(() => wrote++);
    expect(articles.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
    articles[1]?.focus();
    await press('ArrowUp');
    expect(document.activeElement).toBe(articles[0]);
    expect(articles.map(({ tabIndex }) => tabIndex)).toEqual([0, -1]);
    await press('End');
    await press('ArrowDown');
    expect(wrote).toBe(1);
  });
});
