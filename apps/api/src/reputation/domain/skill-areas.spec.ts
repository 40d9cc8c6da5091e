import { skillAreasOf } from './skill-areas.js';

describe('Skill areas', () => {
  it.each([
    [
      ['src/cli.py', 'src/cli.ts'],
      ['python', 'typescript'],
    ],
    [['docs/hello.md'], ['documentation']],
    [
      ['test/cli.spec.ts', 'src/__tests__/a.js'],
      ['javascript', 'testing', 'typescript'],
    ],
    [['migrations/1-users.sql'], ['databases']],
    [
      ['.github/workflows/ci.yml', 'Dockerfile'],
      ['configuration', 'infrastructure'],
    ],
    [['LICENSE', 'data.constructor', 'x.unknown'], []],
  ])('of %j are %j', (paths, areas) => {
    expect(skillAreasOf(paths)).toEqual(areas);
  });
});
