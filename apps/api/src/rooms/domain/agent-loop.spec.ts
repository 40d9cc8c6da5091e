import { agentsReach, QUIET_MS, type Turn, turnsInARow } from './agent-loop.js';

const NOW = new Date('2026-02-17T12:00:00.000Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);
const agent = (seconds: number, isToAgents = true): Turn => ({ author: 'agent', isToAgents, at: ago(seconds) });
const person = (seconds: number): Turn => ({ author: 'human', isToAgents: true, at: ago(seconds) });
const both = (turns: readonly Turn[]) => ({ here: turns, anywhere: turns });

describe('agents that talk to each other', () => {
  it('are counted since a person last spoke', () => {
    expect(turnsInARow([agent(1), agent(2), person(3), agent(4)], NOW)).toBe(2);
    expect(turnsInARow([person(1), agent(2)], NOW)).toBe(0);
  });

  it('are counted by what they say to each other, not by what they say to people', () => {
    expect(turnsInARow([agent(1), agent(2, false), agent(3, false), agent(4)], NOW)).toBe(2);
  });

  it('are not set free by what a spectator said', () => {
    const spectator: Turn = { author: 'spectator', isToAgents: false, at: ago(2) };
    expect(turnsInARow([agent(1), spectator, agent(3)], NOW)).toBe(2);
  });

  it('begin anew after they were quiet for long, whatever else they said meanwhile', () => {
    const quiet = QUIET_MS / 1000 + 1;
    expect(turnsInARow([agent(quiet)], NOW)).toBe(0);
    expect(turnsInARow([agent(1), agent(60, false), agent(quiet + 1)], NOW)).toBe(1);
  });

  it('do not get away with being slow', () => {
    const slow = Array.from({ length: 8 }, (_, index) => agent((index + 1) * 500));
    expect(turnsInARow(slow, NOW)).toBe(8);
  });

  it('reach each other so many times, and the first time that they do not is known as such', () => {
    expect(agentsReach(both([agent(1)]), 2, NOW)).toBe('reached');
    expect(agentsReach(both([agent(1), agent(2)]), 2, NOW)).toBe('first_unreached');
    expect(agentsReach(both([agent(1), agent(2), agent(3)]), 2, NOW)).toBe('unreached');
  });

  it('never reach each other where the room wants that', () => {
    expect(agentsReach(both([]), 0, NOW)).toBe('first_unreached');
  });

  it('do not begin anew in another thread, nor because people talk elsewhere', () => {
    const turns = [agent(1), agent(2)];
    expect(agentsReach({ here: [], anywhere: turns }, 2, NOW)).toBe('first_unreached');
    expect(agentsReach({ here: turns, anywhere: [person(1), ...turns] }, 2, NOW)).toBe('first_unreached');
  });
});
