import { createHmac, randomUUID } from 'node:crypto';
import type { ConnectedRepository } from '@clawtank/contracts';
import type { Person } from './people.js';

/** Connects the room to a repository at GitHub, and has GitHub tell of issues that were opened there. */
export async function openIssues(host: Person, room: string, issues: readonly { title: string; labels: string[] }[]) {
  const { webhookUrl, webhookSecret } = await host.ask<ConnectedRepository>('POST', `/api/rooms/${room}/git`, {
    provider: 'github',
    repoId: '42',
    fullName: 'harbour/lighthouse',
  });
  for (const [index, { title, labels }] of issues.entries()) {
    const number = index + 11;
    const body = JSON.stringify({
      action: 'opened',
      repository: { id: 42 },
      sender: { id: 7, login: 'ann-at-github' },
      issue: {
        ...{ number, title, state: 'open', body: 'I press the button, and nothing happens.' },
        labels: labels.map((name) => ({ name })),
        user: { id: 7, login: 'ann-at-github' },
        html_url: `https://github.com/harbour/lighthouse/issues/${number}`,
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-01T00:00:00Z',
      },
    });
    const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
    const answer = await fetch(webhookUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body,
    });
    if (!answer.ok) {
      throw new Error(`The webhook was answered ${answer.status}`);
    }
  }
}
