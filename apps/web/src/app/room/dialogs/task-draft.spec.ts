import { aTask } from '../testing/builders';
import { changesOf, draftOf, requestOf } from './task-draft';

describe('a task in a form', () => {
  it('asks for nothing that was left empty', () => {
    expect(requestOf({ ...draftOf(null), description: 'Add login' })).toEqual({
      description: 'Add login',
      priority: 'medium',
      dependsOn: [],
      paths: [],
    });
  });

  it('takes one path from each line that is not empty', () => {
    const before = draftOf(aTask(), ['src', 'docs']);
    expect(before.paths).toBe('src\ndocs');
    expect(requestOf({ ...before, paths: ' src/app \n\ndocs/*.md\n' }).paths).toEqual(['src/app', 'docs/*.md']);
    expect(changesOf(before, { ...before, paths: '' })).toEqual({ paths: [] });
  });

  it('keeps a deadline through the field’s own way of writing it', () => {
    const deadline = '2026-11-21T18:30:00.000Z';
    expect(requestOf(draftOf(aTask({ deadline }))).deadline).toBe(deadline);
  });

  it('sends only what was changed, and takes away what was emptied', () => {
    const before = draftOf(aTask({ deadline: '2026-11-21T18:30:00.000Z', parentId: 'task-9', dependsOn: ['task-2'] }));
    expect(changesOf(before, before)).toEqual({});
    expect(changesOf(before, { ...before, deadline: '', parentId: '', agentId: '', dependsOn: [] })).toEqual({
      deadline: null,
      parentId: null,
      agentId: null,
      dependsOn: [],
    });
    expect(changesOf(before, { ...before, priority: 'high' })).toEqual({ priority: 'high' });
  });
});
