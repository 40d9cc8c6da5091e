import { decidePush } from './push-under-lease.js';

describe('an agent that pushes', () => {
  it('may do so for a task that it holds, to a branch that is nobody’s yet', () => {
    expect(decidePush({ heldTaskIds: ['one'], taskIdsOfBranch: [] })).toBe('granted');
  });

  it('may go on with the branch of a task that it holds', () => {
    expect(decidePush({ heldTaskIds: ['one', 'two'], taskIdsOfBranch: ['two'] })).toBe('granted');
  });

  it('may not while it holds nothing, wherever to', () => {
    expect(decidePush({ heldTaskIds: [], taskIdsOfBranch: [] })).toBe('holds_nothing');
    expect(decidePush({ heldTaskIds: [], taskIdsOfBranch: ['one'] })).toBe('holds_nothing');
  });

  it('may not touch the branch of a task that it holds no more, whatever else it holds', () => {
    expect(decidePush({ heldTaskIds: ['two'], taskIdsOfBranch: ['one'] })).toBe('holds_another_task');
  });
});
