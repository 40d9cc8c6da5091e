import { describe, expect, it } from '@jest/globals';
import { classify } from './failure.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const until = (said: string) => classify(said, NOW).until?.toISOString();

describe('what an agent says when it fails', () => {
  it.each([
    ['Claude AI usage limit reached|1795269600', 'quota'],
    ['You exceeded your current quota, please check your plan and billing details', 'quota'],
    ['429 {"error":{"status":"RESOURCE_EXHAUSTED"}}', 'quota'],
    ['You’ve hit your usage limit. Upgrade to Pro', 'quota'],
    ['Your credit balance is too low', 'quota'],
    ['402 Payment Required', 'quota'],
    ['Rate limit exceeded', 'rate-limit'],
    ['HTTP 429: Too Many Requests', 'rate-limit'],
    ['529 {"type":"overloaded_error"}', 'rate-limit'],
    ['Authentication required: auth_required', 'signed-out'],
    ['401 Unauthorized', 'signed-out'],
    ['Please log in with `codex login`', 'signed-out'],
    ['The file was not found', 'other'],
    ['Segmentation fault', 'other'],
    ['Listening on port 4290', 'other'],
    ['', 'other'],
  ])('%j is of the kind %s', (said, kind) => expect(classify(said, NOW).kind).toBe(kind));

  it.each([
    ['usage limit, try again in 2 hours 30 minutes', '2026-11-21T14:30:00.000Z'],
    ['usage limit, resets in 2.5 hours', '2026-11-21T14:30:00.000Z'],
    ['quota: retry after 45s', '2026-11-21T12:00:45.000Z'],
    ['rate limit. Please retry in 1m30s.', '2026-11-21T12:01:30.000Z'],
    ['rate limit. Retry-After: 120', '2026-11-21T12:02:00.000Z'],
    ['rate limit, try again in 500ms', '2026-11-21T12:00:00.500Z'],
    ['usage limit until 2026-11-21T15:00:00Z', '2026-11-21T15:00:00.000Z'],
    ['usage limit reached|1795273200', '2026-11-21T15:00:00.000Z'],
  ])('%j says when it will be possible again', (said, expected) => expect(until(said)).toBe(expected));

  it.each([
    ['rate limit', '2026-11-21T12:01:00.000Z'],
    ['usage limit', '2026-11-21T13:00:00.000Z'],
    ['usage limit until 2020-01-01T00:00:00Z', '2026-11-21T13:00:00.000Z'],
    ['usage limit, try again in 900 days', '2026-11-21T13:00:00.000Z'],
  ])('%j does not, and a usual time is assumed', (said, expected) => expect(until(said)).toBe(expected));
});
