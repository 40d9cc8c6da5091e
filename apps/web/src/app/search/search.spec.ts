import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { RoomCard, SearchHit } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { SignedIn } from '../core/testing/signed-in';
import { JONAS, aMessage } from '../room/testing/builders';
import { highlighted } from './highlighted';
import { SearchDoor } from './search-door';
import { SearchPage } from './search-page';
import { suggestionsFor, withTerm } from './search-terms';

const KNOWN = { rooms: ['Harbour', 'Harbour lights', 'Pier'], people: ['jonas', 'mara'], today: '2026-11-21' };
const terms = (query: string) => suggestionsFor(query, KNOWN).map(({ term }) => term);

describe('what a search may be narrowed down by', () => {
  it('is an operator first, then what may follow it', () => {
    expect(terms('')).toEqual(['from:', 'in:', 'has:code', 'has:link', 'has:image', 'is:task', 'after:', 'before:']);
    expect(terms('lights has:code')).not.toContain('has:code');
    expect(terms('lights in:ha')).toEqual(['in:Harbour', 'in:"Harbour lights"']);
    expect(terms('in:"harbour l')).toEqual(['in:"Harbour lights"']);
    expect(terms('from:j')).toEqual(['from:jonas']);
    expect(terms('after:')).toEqual(['after:2026-11-21']);
  });

  it.each([
    ['', 'from:', 'from:'],
    ['lights', 'from:', 'lights from:'],
    ['lights fr', 'from:', 'lights from:'],
    ['lights in:ha', 'in:"Harbour lights"', 'lights in:"Harbour lights" '],
    ['lights in:"harbour l', 'in:"Harbour lights"', 'lights in:"Harbour lights" '],
    ['lights ', 'has:code', 'lights has:code '],
  ])('makes of %j with %j %j', (query, term, next) => expect(withTerm(query, term)).toBe(next));
});

describe('a text in which something was found', () => {
  const shown = (text: string, ranges: [number, number][]) =>
    highlighted(text, ranges)
      .map(({ text, isFound }) => (isFound ? `[${text}]` : text))
      .join('');

  it('shows what was found in its place', () => {
    expect(
      shown('Green lights and red lights', [
        [6, 12],
        [21, 27],
      ]),
    ).toBe('Green [lights] and red [lights]');
    expect(shown('No words', [])).toBe('No words');
  });

  it('begins shortly before what was found, at a word, and ends soon', () => {
    const text = `${'far away '.repeat(60)}lights ${'and more '.repeat(80)}`;
    const at = text.indexOf('lights');
    const result = shown(text, [[at, at + 6]]);
    expect(result).toMatch(/^…(away|far) .*\[lights\].*…$/s);
    expect(result.length).toBeLessThan(440);
  });
});

describe('the search page', () => {
  let app: SignedIn;
  let harness: RouterTestingHarness;
  const page = () => harness.routeNativeElement as HTMLElement;
  const box = () => page().querySelector('input[type=search]') as HTMLInputElement;
  const hit = (seq: number): SearchHit => ({
    room: { id: 'harbour', name: 'Harbour' },
    message: aMessage(seq, { message: `Lights number ${seq}`, author: JONAS }),
    highlights: [[0, 6]],
    before: aMessage(seq - 1, { message: 'What about them?' }),
    after: null,
  });

  async function update(): Promise<void> {
    harness.detectChanges();
    await app.settle();
    harness.detectChanges();
  }

  async function open(address: string): Promise<void> {
    app = new SignedIn([{ path: 'search', component: SearchPage }]);
    harness = await RouterTestingHarness.create(address);
    await update();
  }

  it('asks what the address says, and shows each message with its room, author, words and surroundings', async () => {
    await open('/search?q=lights');
    await app.answer('/api/search?q=lights', { hits: [hit(7)], nextCursor: null });
    await update();
    const found = page().querySelector('ct-search-hit a');
    expect(found?.textContent).toMatch(/jonas.*in Harbour.*Before:.*What about them\?.*Lights.*number 7/s);
    expect(found?.querySelector('mark')?.textContent).toBe('Lights');
    expect(found?.getAttribute('href')).toBe('/rooms/harbour?message=7');
    expect(page().querySelector('[role=status]')?.textContent).toBe('1 message');
  });

  it('puts what is searched into the address, so that it can be shared and gone back to', async () => {
    await open('/search');
    expect(page().textContent).toContain('Every room you are in is searched');
    box().value = 'lights from:jonas';
    box().dispatchEvent(new Event('input'));
    page().querySelector('form')?.dispatchEvent(new Event('submit'));
    await new Promise((resolve) => setTimeout(resolve));
    await update();
    expect(TestBed.inject(Router).url).toBe('/search?q=lights%20from:jonas');
    app.http.expectOne('/api/search?q=lights%20from:jonas');
  });

  it('offers operators, and completes the word that is being written', async () => {
    await open('/search');
    const term = (name: string) =>
      [...page().querySelectorAll<HTMLButtonElement>('.term')].find(({ textContent }) => textContent.includes(name));
    term('in:')?.click();
    await app.answer('/api/rooms?scope=mine&limit=100', {
      rooms: [{ id: 'harbour', name: 'Harbour lights' } as RoomCard],
      nextCursor: null,
    });
    await update();
    expect(box().value).toBe('in:');
    term('Harbour lights')?.click();
    await update();
    expect(box().value).toBe('in:"Harbour lights" ');
  });

  it('shows more on demand', async () => {
    await open('/search?q=lights');
    await app.answer('/api/search?q=lights', { hits: [hit(7)], nextCursor: 'c1' });
    await update();
    expect(page().querySelector('[role=status]')?.textContent).toBe('1 or more messages');
    page().querySelector<HTMLButtonElement>('.more')?.click();
    await app.answer('/api/search?q=lights&cursor=c1', { hits: [hit(6)], nextCursor: null });
    await update();
    expect(page().querySelectorAll('ct-search-hit')).toHaveLength(2);
    expect(page().querySelector('.more')).toBeNull();
  });

  it.each([
    [400, 'invalid_input', 'This search was not understood'],
    [503, 'unavailable', 'The search did not work'],
  ])('says so when it is answered with %i', async (status, code, heading) => {
    await open('/search?q=before:soon');
    await app.refuse('/api/search?q=before:soon', status, code, 'Write a day as 2026-02-17');
    await update();
    expect(page().textContent).toContain(heading);
    expect(page().textContent).toContain('Write a day as 2026-02-17');
  });

  it('says when nothing was found', async () => {
    await open('/search?q=lights');
    await app.answer('/api/search?q=lights', { hits: [], nextCursor: null });
    await update();
    expect(page().textContent).toContain('Nothing was found');
  });

  it('is entered with the room that the reader is in, and waits for what to look for', async () => {
    await open('/search?q=in:Harbour%20');
    app.http.expectNone(({ url }) => url === '/api/search');
    const router = TestBed.inject(Router);
    TestBed.inject(SearchDoor);
    await app.answer('/api/rooms?scope=mine&limit=100', {
      rooms: [{ id: 'harbour', name: 'Harbour lights' } as RoomCard],
      nextCursor: null,
    });
    jest.spyOn(router, 'url', 'get').mockReturnValue('/rooms/harbour?work=tasks');
    const go = jest.spyOn(router, 'navigate').mockResolvedValue(true);
    TestBed.inject(SearchDoor).open();
    expect(go).toHaveBeenCalledWith(['/search'], { queryParams: { q: 'in:"Harbour lights" ' } });
  });
});
