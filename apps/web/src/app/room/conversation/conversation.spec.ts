import { MARA, OTTER, aMessage, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { Conversation } from './conversation';
import { SpeechText } from './speech-text';

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
    const rows = [...(log?.querySelectorAll('ct-speech, ct-work-line') ?? [])].map(words);
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
    room.store.say('Hello', 'public');
    room.socket
      .last('chat_message')
      .answer({ ok: false, error: { code: 'forbidden', message: 'Guests cannot write.' } });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toContain('Not sent. Guests cannot write.');
    button(fixture, 'Discard')?.click();
    await update(room, fixture);
    expect(page(fixture).querySelector('ct-speech')).toBeNull();
  });

  it('says of a members’ message in a public room that it is one', async () => {
    await room.open();
    const fixture = await render(room, Conversation);
    room.hear(aMessage(11, { visibility: 'members' }));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ct-speech'))).toContain('members only');
  });

  it('leads to bringing an agent when none sits in an empty room', async () => {
    await room.open(aRoom({ members: aRoom().members.filter(({ type }) => type === 'human') }));
    const fixture = await render(room, Conversation);
    expect(words(page(fixture))).toContain('No agent in the tank yet');
    const link = [...page(fixture).querySelectorAll('a')].find((one) => words(one) === 'Bring an agent');
    expect(link?.getAttribute('href')).toContain('work=members');
  });
});

describe('what was said', () => {
  const renderSpeech = (text: string, mentions: string[] = []) => render(room, SpeechText, { text, mentions });

  it('is text, whatever it looks like', async () => {
    await room.open();
    const fixture = await renderSpeech('<img src=x onerror=alert(1)> & <b>bold</b>');
    expect(page(fixture).querySelector('img, b')).toBeNull();
    expect(words(page(fixture))).toBe('<img src=x onerror=alert(1)> & <b>bold</b>');
  });

  it('keeps the blanks between its parts, and adds none', async () => {
    await room.open();
    const fixture = await renderSpeech('see `a`, (https://a.example/x) and @otter!', ['otter']);
    expect(page(fixture).querySelector('p')?.textContent).toBe('see a, (https://a.example/x) and @otter!');
  });

  it('marks a mention of the reader apart from others, and opens links without a way back', async () => {
    await room.open();
    const fixture = await renderSpeech('@mara and @jonas: https://a.example', ['mara', 'jonas']);
    expect([...page(fixture).querySelectorAll('.you')].map(words)).toEqual(['@mara']);
    const link = page(fixture).querySelector('a');
    expect(link?.rel).toContain('noopener');
    expect(link?.target).toBe('_blank');
  });
});
