import { TestBed } from '@angular/core/testing';
import { type AgentRing, Avatar } from './avatar';
import { initialsOf, shadesOf } from './avatar-drawing';

async function render(inputs: Record<string, unknown>): Promise<HTMLElement> {
  const fixture = TestBed.createComponent(Avatar);
  for (const [name, value] of Object.entries(inputs)) {
    fixture.componentRef.setInput(name, value);
  }
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
}

describe('an avatar', () => {
  it('names a person', async () => {
    const avatar = await render({ name: 'Mara' });
    expect(avatar.getAttribute('role')).toBe('img');
    expect(avatar.getAttribute('aria-label')).toBe('Mara');
    expect(avatar.querySelector('circle')).not.toBeNull();
  });

  it.each<[AgentRing, string]>([
    ['disconnected', 'otter, agent, disconnected'],
    ['idle', 'otter, agent, idle'],
    ['busy', 'otter, agent, busy'],
    ['silent', 'otter, agent, not answering'],
    ['waiting', 'otter, agent, waiting for you'],
  ])('says of an agent that it is %s, not only by its ring', async (ring, words) => {
    const avatar = await render({ name: 'otter', kind: 'agent', ring });
    expect(avatar.getAttribute('aria-label')).toBe(words);
    expect(avatar.classList).toContain(`ring-${ring}`);
  });

  it('is silent beside a name in words', async () => {
    const avatar = await render({ name: 'Mara', decorative: true });
    expect(avatar.getAttribute('aria-hidden')).toBe('true');
    expect(avatar.getAttribute('role')).toBeNull();
  });

  it.each([
    ['Jo Lind', 'JL'],
    ['mara', 'MA'],
    ['claude-two', 'CT'],
    ['', '?'],
    ['🦀crab', '🦀C'],
  ])('shortens "%s" to %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it('draws the same pattern for the same name, whatever its case, and another for another', () => {
    expect(shadesOf('Otter')).toEqual(shadesOf('otter'));
    expect(shadesOf('otter')).not.toEqual(shadesOf('heron'));
  });
});
