import type { Issue } from '@clawtank/contracts';
import type { TakenIssue } from '../../events/git.events.js';
import type { IssueEntity } from './issue.entity.js';

export function presentIssue(issue: IssueEntity): Issue {
  const { id, roomId, provider, number, title, state, labels, author, url } = issue;
  return {
    ...{ id, roomId, provider, number, title, state, labels, author, url },
    createdAt: issue.createdAt.toISOString(),
    updatedAt: issue.updatedAt.toISOString(),
  };
}

export function presentTakenIssue({
  id,
  provider,
  number,
  title,
  body,
  url,
  author,
  updatedAt,
}: IssueEntity): TakenIssue {
  return { id, provider, number, title, body, url, author: author.name, updatedAt: updatedAt.toISOString() };
}
