import { describe, expect, it } from '@jest/globals';
import { detailOf, pathsOf, titleOf } from './tool-call.js';

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

  it('has a title of one line, or one made of its kind', () => {
    expect(titleOf({ ...CALL, title: ' Run\n\tit ' })).toBe('Run it');
    expect(titleOf({ ...CALL, kind: 'edit' })).toBe('A step of the kind edit');
  });
});
