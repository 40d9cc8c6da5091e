import { ROOM_EVENT_TYPES, type RoomEventType } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { canariesIn, withCanaries } from '../support/canaries.js';
import { Person } from '../support/people.js';
import { sampleEvents } from '../support/sample-events.js';
import { aMessage, append } from './room-log.support.js';
import { PlainSpectator, SocketIoSpectator, type TestSpectator } from './spectators.support.js';

/** Events that would end the watching; the rest happens in front of the spectators. */
const WATCHED: readonly RoomEventType[] = ROOM_EVENT_TYPES.filter((type) => type !== 'room.updated');

/** Per public event, how many different texts of its event get out; which ones, `public-view.spec.ts` lists by name. */
const PLACES_THAT_GET_OUT = [
  'member.joined data.member.name',
  'member.left data.name',
  'agent.joined data.member.name',
  'agent.joined data.member.ownerName',
  'agent.left data.name',
  'agent.status_change data.name',
  'chat.message data.message.author.name',
  'chat.message data.message.message',
  'chat.message data.message.promotedBy.name',
  'chat.edited data.message.id',
  'chat.edited data.message.message',
  'chat.deleted data.messageId',
  'task.created data.task.createdBy.name',
  'task.created data.task.id',
  'task.created data.task.title',
  'agent.claimed_task actor.name',
  'agent.claimed_task data.ownerName',
  'agent.claimed_task data.task.id',
  'agent.claimed_task data.task.title',
  'task.completed data.task.assignedTo.name',
  'task.completed data.task.id',
  'task.completed data.task.title',
  'git.commit actor.name',
  'git.commit data.push.branch',
  'git.commit data.push.commits.*.message',
  'git.commit data.push.commits.*.sha',
  'git.commit data.push.filesChanged.*',
  'git.pr_opened data.pullRequest.author.name',
  'git.pr_opened data.pullRequest.files.*.path',
  'git.pr_opened data.pullRequest.title',
  'git.pr_merged data.pullRequest.author.name',
  'git.pr_merged data.pullRequest.mergedBy.name',
  'git.pr_merged data.pullRequest.title',
  'xp.level_up data.name',
];

let server: TestServer;
let host: Person;

beforeAll(async () => {
  server = await startTestServer();
  host = await Person.register(server.url);
});

afterAll(() => server.close());

/** Everything that can happen in a room, with a canary in every text; where each sits. */
function everything(): { events: Parameters<typeof append>[2][]; places: Map<string, string> } {
  const places = new Map<string, string>();
  const events = WATCHED.map((type) => {
    const planted = withCanaries(sampleEvents[type]);
    planted.places.forEach((place, canary) => places.set(canary, `${type} ${place}`));
    const { event } = planted;
    const sample = sampleEvents[type];
    // By these ids something is looked up.
    const data = 'memberId' in sample.data ? { ...event.data, memberId: sample.data.memberId } : event.data;
    return { ...event, data, actor: { ...event.actor, id: sample.actor.id } } as typeof event;
  });
  return { events, places };
}

describe('Whatever happens in a public room', () => {
  it.each([
    ['live', true],
    ['in the welcome of somebody who comes later', false],
  ])('reaches strangers %s only as far as it is public, to the last byte', async (_, live) => {
    const room = await host.createRoom({ visibility: 'public' });
    const { events, places } = everything();
    const spectators: TestSpectator[] = [];
    const connect = async () => {
      spectators.push(new PlainSpectator(server.url, room.id), new SocketIoSpectator(server.url, room.id));
      await Promise.all(spectators.map((spectator) => spectator.welcome()));
    };

    if (live) {
      await connect();
    }
    let head = 0;
    for (const event of events) {
      head = await append(server, room.id, event, aMessage('⟦0⟧', 'members'));
    }
    if (live) {
      await Promise.all(spectators.map((spectator) => spectator.eventsUpTo(head)));
    } else {
      await connect();
    }

    for (const spectator of spectators) {
      expect(
        canariesIn(spectator.raw)
          .map((canary) => places.get(canary) ?? 'a message for members')
          .sort(),
      ).toEqual([...PLACES_THAT_GET_OUT].sort());
      expect(spectator.raw).not.toMatch(/"seq"|"actor"|"payload"/);
      await spectator.leave();
    }
  });

  it('leaves no hole where members talked among themselves', async () => {
    const room = await host.createRoom({ visibility: 'public' });
    const spectator = new PlainSpectator(server.url, room.id);
    const { public_seq } = await spectator.welcome();
    await append(server, room.id, aMessage('one'), aMessage('hush', 'members'), aMessage('hush', 'members'));
    const head = await append(server, room.id, aMessage('hush', 'members'), aMessage('two'));
    const events = await spectator.eventsUpTo(head);
    expect(events.map((event) => event.public_seq)).toEqual([public_seq + 1, public_seq + 2]);
    await spectator.leave();
  });
});
