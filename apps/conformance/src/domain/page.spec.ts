import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { CHECKS } from './checks/index.js';
import { conformancePage } from './page.js';

const FILE = 'docs/conformance.md';

describe('docs/conformance.md', () => {
  it('says what the checks are', async () => {
    const page = await format(conformancePage(CHECKS), { parser: 'markdown', printWidth: 120 });
    if (process.env['UPDATE_DOCS'] === '1') {
      writeFileSync(FILE, page);
    }
    expect(readFileSync(FILE, 'utf8')).toBe(page);
  });
});
