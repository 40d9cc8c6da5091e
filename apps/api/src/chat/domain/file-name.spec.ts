import { fileNameOf, withEnding } from './file-name.js';

describe('fileNameOf', () => {
  it.each([
    ['notes.txt', 'notes.txt'],
    ['%C3%BCbersicht%20%F0%9F%99%82.png', 'übersicht 🙂.png'],
    ['..%2F..%2Fetc%2Fpasswd', 'passwd'],
    ['C%3A%5CUsers%5Cbob%5Cplan.md', 'plan.md'],
    ['photo%E2%80%AEgpj.exe', 'photogpj.exe'],
    ['a%0D%0ASet-Cookie%3A%20x.txt', 'aSet-Cookie_ x.txt'],
    ['.htaccess', 'htaccess'],
    ['%ZZ', '%ZZ'],
    ['%20.%20', 'file'],
    ['', 'file'],
    [undefined, 'file'],
  ])('makes %j into %j', (encoded, name) => expect(fileNameOf(encoded)).toBe(name));

  it('cuts a long name and keeps its ending', () => {
    const name = fileNameOf(`${'x'.repeat(300)}.tar`);
    expect(name).toHaveLength(120);
    expect(name.endsWith('x.tar')).toBe(true);
  });
});

describe('withEnding', () => {
  it.each([
    ['cat.gif', 'webp', 'cat.webp'],
    ['cat', 'png', 'cat.png'],
    ['v1.2 final.jpeg', 'jpg', 'v1.2 final.jpg'],
  ])('says what %s became: a %s', (name, ending, renamed) => expect(withEnding(name, ending)).toBe(renamed));
});
