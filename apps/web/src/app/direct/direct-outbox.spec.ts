import { TestBed } from '@angular/core/testing';
import { emptyDevice, patience } from '../core/outbox/testing/device';
import { SignedIn } from '../core/testing/signed-in';
import { Outbox } from '../room/state/outbox';
import { DirectOutbox } from './direct-outbox';

describe('what waits to be written to somebody alone', () => {
  let app: SignedIn;
  let outbox: DirectOutbox;
  let forgetDevice: () => void;
  const asked = () => app.wire.all('direct_message').map(({ request }) => request);
  const texts = () => outbox.pending('harbour', 'jonas').map(({ text }) => text);
  const take = async () => {
    app.wire.last('direct_message').answer({ ok: true, data: {} });
    await patience();
  };

  beforeEach(() => {
    forgetDevice = emptyDevice();
    open();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    forgetDevice();
  });

  function open(): void {
    app = new SignedIn();
    TestBed.inject(Outbox);
    outbox = TestBed.inject(DirectOutbox);
    TestBed.tick();
  }

  /** The page is gone, whatever it was doing, and another is opened. */
  async function reopen(): Promise<void> {
    TestBed.resetTestingModule();
    open();
    await patience();
  }

  it('survives the page, and goes out in order under the same ids, to nobody else', async () => {
    await outbox.add('harbour', 'jonas', 'One');
    await outbox.add('harbour', 'jonas', 'Two');
    const ids = outbox.pending('harbour', 'jonas').map(({ clientMessageId }) => clientMessageId);
    await reopen();
    expect(texts()).toEqual(['One', 'Two']);
    await app.connect();
    await patience();
    expect(asked()).toEqual([{ roomId: 'harbour', toMemberId: 'jonas', message: 'One', clientMessageId: ids[0] }]);
    await take();
    await take();
    expect(asked().map(({ clientMessageId }) => clientMessageId)).toEqual(ids);
    expect(texts()).toEqual([]);
    await reopen();
    await app.connect();
    await patience();
    expect(asked()).toEqual([]);
    expect(app.wire.all('chat_message')).toEqual([]);
  });

  it('keeps why it was refused, does not hold up what is for others, and goes out when that is asked', async () => {
    await app.connect();
    await outbox.add('harbour', 'jonas', 'Bad');
    await patience();
    app.wire.last('direct_message').answer({ ok: false, error: { code: 'muted', message: 'You are muted.' } });
    await patience();
    await reopen();
    await app.connect();
    expect(outbox.pending('harbour', 'jonas')).toMatchObject([{ text: 'Bad', refusal: 'You are muted.' }]);
    await outbox.add('harbour', 'sol', 'Good');
    await patience();
    expect(asked().map(({ message }) => message)).toEqual(['Good']);
    await outbox.retry(outbox.pending('harbour', 'jonas')[0]?.clientMessageId ?? '');
    await patience();
    expect(asked().map(({ message }) => message)).toEqual(['Good', 'Bad']);
  });

  it('is gone for good when it is thrown away', async () => {
    await outbox.add('harbour', 'jonas', 'Never mind');
    await outbox.discard(outbox.pending('harbour', 'jonas')[0]?.clientMessageId ?? '');
    await reopen();
    expect(texts()).toEqual([]);
  });

  it('does not come back by a look at the device that began before it was thrown away', async () => {
    await outbox.add('harbour', 'jonas', 'Never mind');
    const { clientMessageId } = outbox.pending('harbour', 'jonas')[0] ?? { clientMessageId: '' };
    for (const id of ['sol', 'mara']) {
      app.session.account.set({ id, username: id });
      TestBed.tick();
    }
    await outbox.discard(clientMessageId);
    await patience();
    expect(texts()).toEqual([]);
  });

  it('is nobody else’s who signs in on this device', async () => {
    await outbox.add('harbour', 'jonas', 'Secret');
    app.session.account.set({ id: 'sol', username: 'sol' });
    TestBed.tick();
    await patience();
    await app.connect();
    await patience();
    expect(texts()).toEqual([]);
    expect(asked()).toEqual([]);
  });
});
