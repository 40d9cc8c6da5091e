import { spawn } from 'node:child_process';
import { once } from 'node:events';

describe('npm run demo', () => {
  it('plays the whole story, from a sentence in the chat to merged code, and says where to look', async () => {
    const demo = spawn(
      process.execPath,
      ['--enable-source-maps', 'dist/api/apps/demo/src/main.js', '--fast', '--exit'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0' },
      },
    );
    let output = '';
    demo.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(demo, 'exit')) as [number | null];

    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output.match(/merged by (?:ada|lin) as [0-9a-f]{10}/g)).toHaveLength(3);
    expect(output).toMatch(/ada: 20 XP/);
    expect(output).toMatch(/lin: 10 XP/);
    expect(output).toMatch(/The room:\s+http:\/\/localhost:\d+\/rooms\/[0-9a-f-]{36}/);
  }, 120_000);
});
