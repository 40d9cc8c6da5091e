import { decodedPage, pageText } from './page-text.js';

const NOTHING = { title: null, description: null, site: null };

describe('what a page says of itself', () => {
  it('prefers Open Graph to what else the head says', () => {
    const html = `<!doctype html><html><head><title>Guide – Docs</title>
      <meta name="description" content="For search engines">
      <meta property="og:title" content="The guide"><meta property="og:description" content="For people">
      <meta property="og:site_name" content="Docs"></head><body></body></html>`;
    expect(pageText(html)).toEqual({ title: 'The guide', description: 'For people', site: 'Docs' });
  });

  it('takes what there is', () => {
    expect(pageText('<title lang=en>\n  A   guide </title><meta name=description content="Short">')).toEqual({
      title: 'A guide',
      description: 'Short',
      site: null,
    });
    expect(pageText('just text')).toEqual(NOTHING);
    expect(pageText('')).toEqual(NOTHING);
  });

  it.each([
    ['no quotes', '<META content=Guide property=og:title>', 'Guide'],
    ['single quotes', `<meta property='og:title' content='A "guide"' />`, 'A "guide"'],
    ['a quote that is missing', '<meta property="og:title" content="Guide>\n<p>', null],
    ['blanks around the equals sign', '<meta property = "og:title" content = "Guide">', 'Guide'],
    ['stray signs', '<meta "" = / property="og:title" content="Guide">', 'Guide'],
    ['no end', '<title>Guide', 'Guide'],
    ['two of them', '<title>Guide</title><title>Other</title>', 'Guide'],
    ['an empty first choice', '<meta property="og:title" content=""><title>Guide</title>', 'Guide'],
    ['a comment', '<!-- <title>Hidden</title> --><title>Guide</title>', 'Guide'],
    ['a script', '<script>"<title>Hidden</title>"</script><title>Guide</title>', 'Guide'],
    ['a title of a drawing', '<body><svg><title>Hidden</title></svg>', null],
    ['prototype keys', '<meta name="__proto__" content="x"><meta constructor=y><title>Guide</title>', 'Guide'],
  ])('reads a head with %s', (_, html, title) => {
    expect(pageText(html).title).toBe(title);
  });

  it.each([
    ['R&amp;D &lt;b&gt; &quot;q&quot; &#39;a&#x27;', `R&D <b> "q" 'a'`],
    ['caf&eacute; &Uuml;ber &nbsp; &hellip; &szlig;', 'café Über … ß'],
    ['&amp;lt; stays', '&lt; stays'],
    ['&unknown; &#99999999; &;', '&unknown; &#99999999; &;'],
    ['a&#0;b&#xD800;c&#27;d&#x202E;e', 'a b\ufffdc d e'],
  ])('reads the entities of %j', (written, read) => {
    expect(pageText(`<title>${written}</title>`).title).toBe(read);
  });

  it('cuts what is too long, never through a character', () => {
    const { title, description, site } = pageText(
      `<title>${'🎉'.repeat(500)}</title><meta name=description content="${'word '.repeat(500)}">
       <meta property="og:site_name" content="${'x'.repeat(500)}">`,
    );
    expect([...title!]).toHaveLength(200);
    expect(title!.isWellFormed()).toBe(true);
    expect([...description!].length).toBeLessThanOrEqual(300);
    expect(site).toHaveLength(80);
  });

  it.each([
    '<',
    '<meta ',
    '<meta a="',
    '<title',
    '<!--',
    '<script>',
    '<meta property="og:title" content="',
    '&#',
    '<meta a=\'"',
  ])('takes little time over much of %j', (piece) => {
    const html = piece.repeat(Math.ceil(262_144 / piece.length));
    const start = process.cpuUsage();
    pageText(html);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1500);
  });
});

describe('the characters of a page', () => {
  const latin = Buffer.from('<title>Caf\xe9</title>', 'latin1');

  it.each([
    ['its server says', latin, 'text/html; charset="ISO-8859-1"', 'Café'],
    ['its head says', Buffer.concat([Buffer.from('<meta charset=windows-1252>'), latin]), 'text/html', 'Café'],
    ['a mark says', Buffer.from('\ufeff<title>Café</title>'), 'text/html; charset=latin1', 'Café'],
    ['nobody says', Buffer.from('<title>Café</title>'), 'text/html', 'Café'],
    ['somebody says who is wrong', latin, 'text/html; charset=utf-8', 'Caf\ufffd'],
    ['nobody knows', Buffer.from('<title>Café</title>'), 'text/html; charset=klingon', 'Café'],
  ])('are those that %s', (_, bytes, contentType, title) => {
    expect(pageText(decodedPage(bytes, contentType)).title).toBe(title);
  });
});
