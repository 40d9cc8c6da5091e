import { pullRequestForm } from './pull-request-form.js';

describe('the page on which somebody proposes a branch', () => {
  const branch = 'clawtank/7-fix #1';

  it('is GitHub’s comparison', () => {
    const repository = { provider: 'github', webUrl: 'https://github.com/octo/tank', defaultBranch: 'trunk' } as const;
    expect(pullRequestForm(repository, branch)).toBe(
      'https://github.com/octo/tank/compare/trunk...clawtank/7-fix%20%231?expand=1',
    );
  });

  it('is GitLab’s form', () => {
    const repository = { provider: 'gitlab', webUrl: 'https://gitlab.com/octo/tank', defaultBranch: 'trunk' } as const;
    const { pathname, searchParams } = new URL(pullRequestForm(repository, branch));
    expect(pathname).toBe('/octo/tank/-/merge_requests/new');
    expect(Object.fromEntries(searchParams)).toEqual({
      'merge_request[source_branch]': branch,
      'merge_request[target_branch]': 'trunk',
    });
  });
});
