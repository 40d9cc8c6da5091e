import { LiveAnnouncer } from '@angular/cdk/a11y';
import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { JONAS, MARA, OTTER, aRoom, aTask, anApproval, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { Toasts } from '../../shared/toast/toasts';
import { WaitingApprovals } from './waiting-approvals';

const HERON = { type: 'agent', id: 'heron', name: 'heron' } as const;

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

const held = aTask({ lease: { holder: OTTER }, state: 'in_progress' });
const refusal = (code: string, message: string) => ({ ok: false, error: { code, message } }) as never;
const cards = (element: HTMLElement) => [...element.querySelectorAll('article')];

describe('what waits for leave', () => {
  it('says exactly what would be done, for which task, and on whose authority', async () => {
    await room.open(aRoom({ tasks: [held], approvals: [anApproval({ detail: 'rm -rf build \u202E&& npm test' })] }));
    const fixture = await render(room, WaitingApprovals);
    const text = words(page(fixture));
    expect(text).toContain('otter asks for your leave');
    expect(text).toContain('Run a command');
    expect(text).toContain('task 1, Add login');
    expect(text).toContain('Runs on mara’s machine, as otter.');
    expect(page(fixture).querySelector('pre')?.textContent.trim()).toBe('rm -rf build U+202E&& npm test');
  });

  it('lists several, the oldest first, and those of others in a quiet line', async () => {
    await room.open(
      aRoom({
        approvals: [
          anApproval({ id: 'b', title: 'Second', requestedAt: '2026-11-21T12:05:00.000Z' }),
          anApproval({ id: 'a', title: 'First', requestedAt: '2026-11-21T12:01:00.000Z' }),
          anApproval({ id: 'c', title: 'Look around', agent: HERON, owner: JONAS }),
        ],
      }),
    );
    const fixture = await render(room, WaitingApprovals);
    expect(cards(page(fixture)).map((card) => words(card.querySelector('h3')))).toEqual(['First', 'Second']);
    expect(words(page(fixture))).toContain('heron waits for jonas: Look around');
  });

  it('is decided once, with a reason, however often one presses', async () => {
    await room.open(aRoom({ tasks: [held], approvals: [anApproval()] }));
    const fixture = await render(room, WaitingApprovals);
    const reason = page(fixture).querySelector('input') as HTMLInputElement;
    reason.value = ' not today ';
    reason.dispatchEvent(new Event('input'));
    button(fixture, 'Refuse')?.click();
    button(fixture, 'Refuse')?.click();
    await update(room, fixture);
    button(fixture, 'Allow')?.click();
    const [asked, ...more] = room.socket.all('decide_approval');
    expect(more).toEqual([]);
    expect(asked?.request).toMatchObject({ id: 'approval-1', decision: 'rejected', note: 'not today' });
  });

  it('leads on to the next question once one is answered, and out after the last', async () => {
    await room.open(
      aRoom({ tasks: [held], approvals: [anApproval({ id: 'a' }), anApproval({ id: 'b', title: 'Publish it' })] }),
    );
    const fixture = await render(room, WaitingApprovals);
    let isOut = false;
    fixture.componentInstance.answered.subscribe(() => (isOut = true));
    document.body.append(page(fixture));
    button(fixture, 'Allow')?.focus();
    room.hear(anEvent(11, 'approval.decided', { approval: anApproval({ id: 'a', state: 'approved' }) }, MARA));
    await update(room, fixture);
    expect(words(document.activeElement?.querySelector('h3'))).toBe('Publish it');
    expect(isOut).toBe(false);
    room.hear(anEvent(12, 'approval.decided', { approval: anApproval({ id: 'b', state: 'approved' }) }, MARA));
    await update(room, fixture);
    expect(isOut).toBe(true);
  });

  it('says in plain words that it was decided elsewhere, or that there is nothing left to decide', async () => {
    await room.open(aRoom({ tasks: [held], approvals: [anApproval()] }));
    const fixture = await render(room, WaitingApprovals);
    button(fixture, 'Allow')?.click();
    room.socket.last('decide_approval').answer(refusal('lease_lost', 'otter no longer holds the task'));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toBe(
      'otter no longer works on task 1, so there is nothing left to decide.',
    );

    button(fixture, 'Allow')?.click();
    room.hear(anEvent(11, 'approval.decided', { approval: anApproval({ state: 'rejected' }) }, MARA));
    await update(room, fixture);
    room.socket.last('decide_approval').answer(refusal('already_decided', 'This was rejected already'));
    await update(room, fixture);
    expect(TestBed.inject(Toasts).toasts().at(-1)?.text).toBe(
      'This was decided before, in another window. Your answer changed nothing.',
    );
  });

  it('is announced once, to whoever decides', async () => {
    const announce = jest.spyOn(TestBed.inject(LiveAnnouncer), 'announce');
    await room.open(aRoom({ approvals: [anApproval(), anApproval({ id: 'c', agent: HERON, owner: JONAS })] }));
    const fixture = await render(room, WaitingApprovals);
    await room.joinedAnew(aRoom({ seq: 12, approvals: [anApproval()] }));
    await update(room, fixture);
    expect(announce.mock.calls).toEqual([['otter asks for leave: Run the tests. Task 1.', 'polite']]);
  });

  it('turns the agent’s ring to “waits for you”, for its owner only', async () => {
    await room.open(aRoom({ approvals: [anApproval()] }));
    expect(room.store.seatById().get('otter')?.ring).toBe('waiting');
    await room.joinedAnew(aRoom({ seq: 12, approvals: [anApproval({ owner: JONAS })] }));
    expect(room.store.seatById().get('otter')?.ring).toBe('idle');
  });
});
