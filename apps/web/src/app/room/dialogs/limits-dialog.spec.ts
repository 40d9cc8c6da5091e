import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TestBed } from '@angular/core/testing';
import { type AgentLimitsInRoom, USUAL_AGENT_LIMITS } from '@clawtank/contracts';
import { ROOM_ID, aRoom } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { LimitsDialog } from './limits-dialog';

const ADDRESS = `/api/rooms/${ROOM_ID}/agents/otter/limits`;
const LIMITS: AgentLimitsInRoom = {
  roomId: ROOM_ID,
  roomName: 'Harbour',
  byOwner: null,
  byRoom: null,
  roomDefaults: USUAL_AGENT_LIMITS,
  effective: { ...USUAL_AGENT_LIMITS, paths: [] },
  used: { messages: 12, mentions: 0, tasks: 1, heldTasks: 1 },
};

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  TestBed.overrideComponent(LimitsDialog, {
    add: {
      providers: [
        { provide: DIALOG_DATA, useValue: { id: 'otter', name: 'otter' } },
        { provide: DialogRef, useValue: { close: () => undefined } },
      ],
    },
  });
  room = new OpenRoom();
});

describe('the limits of an agent in a room', () => {
  async function open(abilities: Parameters<typeof aRoom>[0]) {
    await room.open(aRoom(abilities));
    const fixture = await render(room, LimitsDialog);
    room.http.expectOne(ADDRESS).flush(LIMITS);
    await update(room, fixture);
    return fixture;
  }

  it('are told to every member, and set by nobody who may not', async () => {
    const fixture = await open({ abilities: ['read', 'chat'] });
    expect(words(page(fixture))).toMatch(/Messages, last hour\s*12 of 1000/);
    expect(page(fixture).querySelector('form')).toBeNull();
  });

  it('begin with what the room sets for all, so that changing one takes away no other', async () => {
    const fixture = await open({ abilities: ['read', 'chat', 'mute_member'] });
    const [messages] = page(fixture).querySelectorAll<HTMLInputElement>('input[type=number]');
    expect(messages?.value).toBe('1000');
    messages!.value = '20';
    messages?.dispatchEvent(new Event('input'));
    button(fixture, 'Save the limits')?.click();
    const request = room.http.expectOne({ method: 'PUT', url: ADDRESS });
    expect(request.request.body).toEqual({ limits: { ...USUAL_AGENT_LIMITS, messagesPerHour: 20 } });
    request.flush({});
  });
});
