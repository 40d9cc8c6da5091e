import { describe, expect, it } from '@jest/globals';
import { detailOf, pathsOf, titleOf, withoutFolder } from './tool-call.js';

const CALL = { toolCallId: '1' };

describe('a tool call', () => {
  it('touches what its locations, its changes and its input name, each once', () => {
    const paths = pathsOf({
      ...CALL,
      locations: [{ path: 'a' }],
      content: [{ type: 'diff', path: 'b', newText: '' }, { type: 'content' }],
      rawInput: { file_path: 'c', nested: [{ targetDir: 'd', path: 'a' }], pattern: 'x', filePath: '' },
    });
    expect(paths).toEqual(['a', 'b', 'c', 'd']);
  });

  it('shows a command as it would be typed', () => {
    expect(detailOf({ ...CALL, rawInput: { command: 'rm -rf /', cwd: '/tmp' } })).toBe('$ rm -rf /\n\nTouches: /tmp');
  });

  it('shows a change line by line', () => {
    const content = [{ type: 'diff', path: 'a.txt', oldText: 'one', newText: 'two' }] as const;
    expect(detailOf({ ...CALL, content })).toBe('a.txt\n- one\n+ two\n\nTouches: a.txt');
  });

  it('shows any other input as it is, within the limit of the wire', () => {
    expect(detailOf({ ...CALL, rawInput: { url: 'https://x' } })).toBe('{\n  "url": "https://x"\n}');
    expect([...detailOf({ ...CALL, rawInput: { text: 'x'.repeat(9000) } })]).toHaveLength(4000);
  });

  it('shows the whole title of a call that says what it does nowhere else, and what is said about it', () => {
    const title = `echo ${'x'.repeat(300)}; rm -rf /`;
    const content = [{ type: 'content', content: { type: 'text', text: '[in /home/ann] (Cleans up)' } }] as const;
    expect(detailOf({ ...CALL, title, content })).toBe(`${title}\n\n[in /home/ann] (Cleans up)`);
  });

  it('names files of a folder as seen from there', () => {
    expect(withoutFolder('Move /w/a.md to /w/b/c.md', '/w')).toBe('Move a.md to b/c.md');
  });

  it('has a title of one line, or one made of its kind', () => {
    expect(titleOf({ ...CALL, title: ' Run\n\tit ' })).toBe('Run it');
    expect(titleOf({ ...CALL, kind: 'edit' })).toBe('A step of the kind edit');
  });
});
