import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { SpectatorChat } from '@clawtank/contracts';
import { Session } from '../../core/session/session';
import { FakeSocket } from '../stream/fake-socket';
import { aWelcome } from '../stream/sample-events';
import { SpectatorStore } from '../stream/spectator-store';
import { SpectatorChatStore } from './spectator-chat-store';

const accessToken = signal<string | null>(null);
const aChat = (changes: Partial<SpectatorChat> = {}): SpectatorChat => ({
  ...{ room_id: 'harbour', enabled: true, slow_mode_seconds: 0, max_message_length: 500, max_name_length: 32 },
  ...{ display_name: null, muted_until: null, recovered: false, revision: 0, messages: [], deleted: [] },
  ...changes,
});

function watch(): SpectatorChatStore {
  TestBed.configureTestingModule({
    providers: [SpectatorChatStore, SpectatorStore, { provide: Session, useValue: { accessToken } }],
  });
  TestBed.inject(SpectatorStore).watch('harbour');
  return TestBed.inject(SpectatorChatStore);
}
const welcome = (token: string) => FakeSocket.last.receive('spectator.welcome', aWelcome({ spectator_token: token }));
const said = () => FakeSocket.last.sent.filter((one) => (one as { type: string }).type === 'spectator.chat_message');

describe('what a spectator says', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Math, 'random').mockReturnValue(0);
    sessionStorage.clear();
    localStorage.clear();
    FakeSocket.install();
    accessToken.set(null);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    FakeSocket.remove();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('is on its way until the server has it', () => {
    const chat = watch();
    welcome('one.proof');
    FakeSocket.last.receive('spectator.chat', aChat());
    chat.name.set('Nora');
    chat.say('hello');
    const [sent] = said() as [{ id: string }];
    expect(sent).toMatchObject({ data: { room_id: 'harbour', message: 'hello', display_name: 'Nora' } });
    expect(chat.sending()?.says.message).toBe('hello');
    FakeSocket.last.receive('spectator.chat_accepted', { request_id: 'another' });
    expect(chat.taken()).toBe(0);
    FakeSocket.last.receive('spectator.chat_accepted', { request_id: sent.id });
    expect(chat.sending()).toBeNull();
    expect(chat.taken()).toBe(1);
  });

  it('is sent again under the same id after a cut, and only once the server knows who the reader was', () => {
    const chat = watch();
    welcome('one.proof');
    FakeSocket.last.receive('spectator.chat', aChat({ revision: 4 }));
    chat.say('hello');
    const [first] = said() as [{ id: string }];
    FakeSocket.last.cut();
    jest.advanceTimersByTime(1000);
    welcome('two.proof');
    FakeSocket.last.receive('spectator.chat', aChat());
    expect(FakeSocket.last.sent).toMatchObject([
      { type: 'spectator.connect', data: { spectator_token: 'one.proof', last_chat_revision: 4 } },
    ]);
    welcome('one.proof');
    FakeSocket.last.receive('spectator.chat', aChat({ recovered: true, revision: 4 }));
    expect(said()).toMatchObject([{ id: first.id }]);
  });

  it('is not taken back by a refusal, which says how long to wait', () => {
    const chat = watch();
    welcome('one.proof');
    FakeSocket.last.receive('spectator.chat', aChat());
    chat.say('hello');
    const [{ id }] = said() as [{ id: string }];
    const why = { code: 'RATE_LIMITED', message: 'Too many', retry_after: 5000, permanent: false, request_id: id };
    FakeSocket.last.receive('spectator.error', why);
    expect(chat.refusal()).toEqual({ why, until: Date.now() + 5000 });
    expect(chat.taken()).toBe(0);
    expect(TestBed.inject(SpectatorStore).isLive()).toBe(true);
  });
});
