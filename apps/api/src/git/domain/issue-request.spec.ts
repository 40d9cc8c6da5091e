import type { IssueFact } from './git-fact.js';
import { issueRequestOf } from './issue-request.js';

const fact = (change: Partial<IssueFact>): IssueFact => ({
  kind: 'issue',
  what: 'updated',
  isNotPlanned: false,
  number: 12,
  title: 'It does not start',
  body: '',
  labels: [],
  author: { id: '7', login: 'ann' },
  sender: { id: '8', login: 'bob' },
  newLabels: [],
  newAssignees: [],
  url: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  ...change,
});

describe('what somebody asks of an issue at its provider', () => {
  it.each<[string, Partial<IssueFact>, string | null]>([
    ['for any agent, by the label', { newLabels: ['clawtank'] }, null],
    ['however it is written', { newLabels: [' ClawTank '] }, null],
    ['for an agent by its name', { newLabels: ['agent:otter'] }, 'otter'],
    ['with the name in its own way', { newLabels: ['Agent:  River-Otter '] }, 'River-Otter'],
    ['for an agent before any agent', { newLabels: ['clawtank', 'agent:otter'] }, 'otter'],
    ['for an agent by an assignment', { newAssignees: ['otter'] }, 'otter'],
    ['whose account is a program’s', { newAssignees: ['otter[bot]'] }, 'otter'],
  ])('is work %s', (_, change, agentName) => expect(issueRequestOf(fact(change))).toEqual({ agentName }));

  it.each<[string, Partial<IssueFact>]>([
    ['an issue that is opened, whatever it says', { what: 'opened', labels: ['clawtank', 'agent:otter'] }],
    ['labels that stood there before', { labels: ['clawtank'] }],
    ['another label', { newLabels: ['bug', 'clawtank-later', 'agent:'] }],
    ['a closed issue', { what: 'closed', newLabels: ['clawtank'] }],
    ['one that is gone', { what: 'gone', newAssignees: ['otter'] }],
  ])('is nothing by %s', (_, change) => expect(issueRequestOf(fact(change))).toBeNull());
});
