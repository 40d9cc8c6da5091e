import fc from 'fast-check';
import { makesCircle } from './dependencies.js';

describe('what tasks wait for', () => {
  const graph = new Map([
    ['deploy', ['test', 'docs']],
    ['test', ['build']],
    ['docs', ['build']],
  ]);

  it.each([
    ['build', ['deploy'], true],
    ['build', ['test'], true],
    ['build', ['build'], true],
    ['test', ['docs'], false],
    ['deploy', ['build'], false],
    ['build', [], false],
  ])('%s cannot wait for %j if that waits for it: %s', (task, ids, expected) => {
    expect(makesCircle(graph, task, ids)).toBe(expected);
  });

  it('never ends in a circle, whatever is asked', () => {
    const id = fc.integer({ min: 0, max: 7 }).map(String);
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.array(id, { maxLength: 3 })), { maxLength: 30 }), (requests) => {
        const built = new Map<string, readonly string[]>();
        for (const [task, ids] of requests) {
          if (!makesCircle(built, task, ids)) {
            built.set(task, ids);
          }
        }
        // Without circles one can always take away a task that waits for nothing that is left.
        const left = new Set(built.keys());
        for (let taken = true; taken;) {
          taken = [...left].some((task) => built.get(task)?.every((other) => !left.has(other)) && left.delete(task));
        }
        expect([...left]).toEqual([]);
      }),
    );
  });
});
