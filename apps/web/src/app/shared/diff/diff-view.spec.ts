import { TestBed } from '@angular/core/testing';
import { DiffView } from './diff-view';
import { parsePatch } from './parse-patch';

const PATCH = `diff --git a/greeting.md b/greeting.md
index 1111111..2222222 100644
--- a/greeting.md
+++ b/greeting.md
@@ -3,3 +3,4 @@ # Title
 same
-old <b>line</b>
+new <b>line</b>
+--- not a header
 end
\\ No newline at end of file
`;

describe('the lines of a patch', () => {
  it('are numbered as in the old and the new file', () => {
    expect(parsePatch(PATCH).map(({ kind, oldNumber, newNumber }) => [kind, oldNumber, newNumber])).toEqual([
      ['hunk', null, null],
      ['context', 3, 3],
      ['removed', 4, null],
      ['added', null, 4],
      ['added', null, 5],
      ['context', 5, 6],
      ['note', null, null],
    ]);
  });

  it('keep a line that only looks like a header', () => {
    expect(parsePatch(PATCH)[4]?.text).toBe('--- not a header');
  });
});

describe('a diff on the page', () => {
  async function render(inputs: Record<string, unknown>): Promise<HTMLElement> {
    const fixture = TestBed.createComponent(DiffView);
    fixture.componentRef.setInput('path', 'greeting.md');
    for (const [name, value] of Object.entries(inputs)) {
      fixture.componentRef.setInput(name, value);
    }
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }

  it('shows markup as text and says which lines were added and removed', async () => {
    const diff = await render({ patch: PATCH });
    expect(diff.querySelector('b')).toBeNull();
    expect(diff.querySelector('tr.removed .text')?.textContent).toMatch(/Removed:\s*old <b>line<\/b>/);
    expect(diff.querySelector('tr.added .text')?.textContent).toMatch(/Added:\s*new <b>line<\/b>/);
  });

  it('can be scrolled with the keyboard and says whose changes it shows', async () => {
    const region = (await render({ patch: PATCH })).querySelector('[role=region]');
    expect(region?.getAttribute('tabindex')).toBe('0');
    expect(region?.getAttribute('aria-label')).toBe('Changes to greeting.md');
  });

  it('explains an absent text', async () => {
    expect((await render({ patch: '', binary: true })).textContent).toContain('A binary file');
    expect((await render({ patch: '' })).textContent).toContain('No lines changed');
  });
});
