import { tmpdir } from 'node:os';
import { describe, expect, it, jest } from '@jest/globals';
import { runCheck } from './run-check.js';

jest.setTimeout(30_000); // processes start slowly on a busy machine

const check = (command: string, { timeoutMs = 10_000, signal = new AbortController().signal } = {}) =>
  runCheck(command, {
    folder: tmpdir(),
    environment: { PATH: process.env.PATH, GREETING: 'Hello' },
    timeoutMs,
    signal,
  });

describe('a check', () => {
  it('passes when it ends with 0, and keeps what it printed', async () => {
    expect(await check('echo "$GREETING"; echo more >&2')).toMatchObject({
      passed: true,
      outcome: expect.stringMatching(/^passed in \d+\.\d s$/),
      output: 'Hello\nmore',
    });
  });

  it('fails when it does not', async () => {
    expect(await check('echo why; exit 3')).toMatchObject({
      passed: false,
      outcome: expect.stringMatching(/^ended with 3 after/),
      output: 'why',
    });
  });

  it('fails when it takes too long, and leaves nothing running', async () => {
    const result = await check('trap "" TERM; echo begun; sleep 100 & sleep 100', { timeoutMs: 300 });
    expect(result).toMatchObject({ passed: false, outcome: 'did not end within 0.3 s', output: 'begun' });
  });

  it('keeps the end of a long output', async () => {
    const { output } = await check('yes line | head -n 20000; echo the end');
    expect(output.length).toBeLessThanOrEqual(16_000);
    expect(output).toMatch(/the end$/);
  });

  it('ends with the task', async () => {
    const stopping = new AbortController();
    const result = check('sleep 100', { signal: stopping.signal });
    stopping.abort(new Error('The lease is lost'));
    await expect(result).rejects.toThrow('The lease is lost');
  });
});
