import type { NewAgent, NewInvitation, PullRequest, PullRequestDiff, Room, UserReputation } from '@clawtank/contracts';
import { Person } from './person.js';
import { type Program, startProgram } from './program.js';
import { Spectator } from './spectator.js';

export interface Stage {
  readonly address: string;
  /** Where the agents keep their copies of the repository. */
  readonly workFolder: string;
  /** Between what happens, so that people can follow. */
  readonly pauseMs: number;
  readonly say: (line: string) => void;
}

export interface Outcome {
  readonly address: string;
  readonly room: Room;
  readonly merged: readonly PullRequest[];
  readonly people: readonly { readonly name: string; readonly password: string; readonly totalXP: number }[];
  readonly publicEvents: number;
  readonly seconds: number;
}

/** Two people, their two agents, and somebody who watches: from a sentence in the chat to merged code. */
export async function playStory(stage: Stage): Promise<Outcome> {
  const { address, say } = stage;
  const began = performance.now();
  const pause = () => new Promise((resolve) => setTimeout(resolve, stage.pauseMs));
  const tell = async (line: string) => {
    say(line);
    await pause();
  };

  const [ada, lin] = [await Person.register(address, 'ada'), await Person.register(address, 'lin')];
  const room = await ada.ask<Room>('POST', '/api/rooms', {
    name: 'Tide tables',
    description: 'A small library that knows when the water comes.',
    visibility: 'public',
  });
  say(`\n  Watch it live:  ${address}/spectate/${room.id}\n`);
  await tell('ada makes a room and sends lin an invitation.');
  const { token } = await ada.ask<NewInvitation>('POST', `/api/rooms/${room.id}/invitations`, { uses: 1 });
  await lin.ask('POST', `/api/invitations/${token}/accept`);
  await Promise.all([ada.enter(room.id), lin.enter(room.id)]);
  await ada.sees(({ room: { repository } }) => repository);
  const spectator = await Spectator.watch(address, room.id);

  await tell('Each brings an agent.');
  const agents = [await bringAgent(stage, ada, room, 'crabby'), await bringAgent(stage, lin, room, 'pinchy')];
  try {
    await ada.say(room.id, 'Morning! Let us get the basics in: a greeting in the docs, and the first table.');
    await pause();
    await lin.say(room.id, 'I will look at what crabby makes. Go ahead.');
    await pause();

    const merged = [
      await doTask(stage, room, {
        asks: ada,
        reviews: lin,
        message: '@crabby create docs/hello.md with Hello from the tank',
      }),
      await doTask(stage, room, {
        asks: lin,
        reviews: ada,
        message: '@pinchy create data/dover.csv with `time,height`',
      }),
      await doTask(stage, room, {
        asks: ada,
        reviews: lin,
        message: '@crabby replace Hello by Welcome in docs/hello.md',
      }),
    ];
    await ada.say(room.id, 'Three pull requests before coffee. Lovely.');

    await ada.sees(({ activity }) => activity.filter(({ type }) => type === 'xp.awarded').length === merged.length);
    const people = await Promise.all(
      [ada, lin].map(async (person) => {
        const { totalXP } = await person.ask<UserReputation>('GET', `/api/users/${person.id}/reputation`);
        return { name: person.name, password: person.password, totalXP };
      }),
    );
    await waitFor(() => spectator.events.filter(({ type }) => type === 'git.pr_merged').length === merged.length);
    return {
      address,
      room,
      merged,
      people,
      publicEvents: spectator.events.length,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await Promise.all(agents.map((agent) => agent.stop()));
    spectator.close();
    ada.close();
    lin.close();
  }
}

export function summarise({ address, room, merged, people, publicEvents, seconds }: Outcome): string {
  return [
    '',
    `  Done in ${seconds.toFixed(1)} s.`,
    '',
    ...merged.map(
      ({ number, title, mergeSha, author, mergedBy }) =>
        `  #${number} ${title} — by ${author.name}, merged by ${mergedBy?.name ?? '?'} as ${mergeSha?.slice(0, 10) ?? '?'}`,
    ),
    '',
    ...people.map(({ name, totalXP, password }) => `  ${name}: ${totalXP} XP (sign in with the password ${password})`),
    `  A stranger watched ${publicEvents} public events.`,
    '',
    `  The room:        ${address}/rooms/${room.id}`,
    `  As strangers see it: ${address}/spectate/${room.id}`,
    '',
  ].join('\n');
}

async function bringAgent({ address, workFolder }: Stage, owner: Person, room: Room, name: string): Promise<Program> {
  const { agent, token } = await owner.ask<NewAgent>('POST', '/api/agents', {
    name,
    description: 'The reference agent, which needs no model',
  });
  await owner.ask('POST', `/api/rooms/${room.id}/agents/${agent.id}`);
  const program = startProgram('apps/reference-agent/src/main', {
    CLAWTANK_URL: address,
    CLAWTANK_TOKEN: token,
    CLAWTANK_WORK_FOLDER: workFolder,
  });
  await program.says(/is connected/);
  return program;
}

interface Assignment {
  readonly asks: Person;
  readonly reviews: Person;
  readonly message: string;
}

async function doTask(
  { say, pauseMs }: Stage,
  room: Room,
  { asks, reviews, message }: Assignment,
): Promise<PullRequest> {
  say(`${asks.name}: ${message}`);
  const known = await reviews.sees(({ pullRequests }) => [...pullRequests.map(({ number }) => number), 0]);
  await asks.say(room.id, message);

  const proposed = await reviews.sees(({ pullRequests }) =>
    pullRequests.find(
      ({ number, state, mergeability }) =>
        !known.includes(number) && state === 'open' && mergeability.state === 'clean',
    ),
  );
  await reviews.sees(({ tasks }) => tasks.some(({ id, state }) => id === proposed.taskId && state === 'in_review'));
  const { files } = await reviews.ask<PullRequestDiff>('GET', `/api/rooms/${room.id}/pulls/${proposed.number}/diff`);
  say(
    `  ${proposed.author.name} proposes #${proposed.number} “${proposed.title}”: ${files.map(({ path }) => path).join(', ')}, merges cleanly`,
  );
  await new Promise((resolve) => setTimeout(resolve, pauseMs));

  const merged = await reviews.merge(proposed);
  await asks.sees(({ tasks }) => tasks.some(({ id, state }) => id === proposed.taskId && state === 'done'));
  say(`  ${reviews.name} merges it`);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  return merged;
}

async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error('The spectator did not see the end of the story');
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
