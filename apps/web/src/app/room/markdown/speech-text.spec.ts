import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { SpeechText } from './speech-text';

let room: OpenRoom;

beforeEach(async () => {
  freshPage();
  room = new OpenRoom();
  await room.open();
});

describe('what was said, on the page', () => {
  const show = (text: string, names: string[] = []) =>
    render(room, SpeechText, { text, called: { names, here: false } });

  it('is text, whatever it looks like', async () => {
    const fixture = await show('<img src=x onerror=alert(1)> & <b>bold</b>');
    expect(page(fixture).querySelector('img, b')).toBeNull();
    expect(words(page(fixture))).toBe('<img src=x onerror=alert(1)> & <b>bold</b>');
  });

  it('keeps the blanks between its parts, and adds none', async () => {
    const fixture = await show('see `a`, **b***c*(https://a.example/x) and @otter!', ['otter']);
    expect(page(fixture).querySelector('p')?.textContent).toBe('see a, bc(https://a.example/x) and @otter!');
  });

  it('loads nothing from elsewhere, and opens links without a way back', async () => {
    const fixture = await show('![cat](https://a.example/cat.png)');
    expect(page(fixture).querySelector('img')).toBeNull();
    const link = page(fixture).querySelector('a');
    expect(words(link)).toBe('cat (a.example)');
    expect([link?.target, link?.rel]).toEqual(['_blank', 'noopener noreferrer nofollow']);
  });

  it('has lists, tables, quotes and tasks that can be read as such', async () => {
    const fixture = await show('1. one\n2. two\n\n- [x] done\n\n| a |\n|--|\n| b |\n\n> said');
    expect([...page(fixture).querySelectorAll('ol li')].map(words)).toEqual(['one', 'two']);
    const box = page(fixture).querySelector('input');
    expect([box?.type, box?.checked, box?.disabled]).toEqual(['checkbox', true, true]);
    expect(words(page(fixture).querySelector('th'))).toBe('a');
    expect(words(page(fixture).querySelector('td'))).toBe('b');
    expect(words(page(fixture).querySelector('blockquote'))).toBe('said');
  });

  it('colours code when the colours are there, and copies it as it was written', async () => {
    const fixture = await show('```js\nconst a = "<b>";\n```');
    for (let wait = 0; wait < 50 && !page(fixture).querySelector('.keyword'); wait++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await update(room, fixture);
    }
    expect(words(page(fixture).querySelector('.keyword'))).toBe('const');
    expect(page(fixture).querySelector('pre')?.textContent).toBe('const a = "<b>";');
    expect(button(fixture, 'Copy the code')).toBeDefined();
  });

  it('shows a few emoji alone larger', async () => {
    expect(page(await show('🎉 👍')).classList).toContain('large');
    expect(page(await show('🎉 yes')).classList).not.toContain('large');
  });
});
