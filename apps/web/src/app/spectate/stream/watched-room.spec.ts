import { aWelcome, asked, claimed, happening, pushed, said } from './sample-events';
import { type WatchedRoom, heard, welcomed } from './watched-room';

const room = (changes: Parameters<typeof aWelcome>[0] = {}): WatchedRoom =>
  welcomed(null, aWelcome(changes)) as WatchedRoom;
const contents = ({ events }: WatchedRoom) =>
  events.flatMap((event) => (event.type === 'chat.public' ? [event.content] : []));

describe('what a spectator knows of a room', () => {
  it('takes each event once, however often it arrives', () => {
    const events = happening([said('mara', 'one'), said('mara', 'two')]);
    const once = heard(room(), events).room;
    const again = heard(once, events);
    expect(contents(again.room)).toEqual(['one', 'two']);
    expect(again.isMissing).toBe(false);
  });

  it('stops at a gap and says so, and goes on where it stopped', () => {
    const [one, two, three] = happening([said('mara', 'one'), said('mara', 'two'), said('mara', 'three')]);
    const cut = heard(room(), [one!, three!]);
    expect(cut.isMissing).toBe(true);
    expect(contents(cut.room)).toEqual(['one']);
    expect(contents(heard(cut.room, [two!, three!]).room)).toEqual(['one', 'two', 'three']);
  });

  it('lets an edited message say the new in its old place, and forgets the old', () => {
    const before = heard(room(), happening([said('mara', 'one'), said('jo', 'two')])).room;
    const edit = happening([{ type: 'chat.edited' as const, target_event_id: 'event-1', content: 'uno' }], 3);
    const after = heard(before, edit).room;
    expect(contents(after)).toEqual(['uno', 'two']);
    expect(after.events[0]).toMatchObject({ isEdited: true });
    expect(JSON.stringify(after)).not.toContain('one');
    expect(after.publicSeq).toBe(3);
  });

  it('takes a deleted message away, live and in what a fresh start brings', () => {
    const gone = { type: 'chat.deleted' as const, target_event_id: 'event-1' };
    const live = heard(room(), happening([said('mara', 'one'), said('jo', 'two'), gone])).room;
    expect(contents(live)).toEqual(['two']);
    const fresh = room({
      public_seq: 3,
      current_state: {
        members: [],
        tasks: [],
        recent_activity: happening([said('mara', 'one'), said('jo', 'two'), gone]),
        current_files: [],
      },
    });
    expect(contents(fresh)).toEqual(['two']);
  });

  it('keeps everything on screen when the server goes on where it was left', () => {
    const before = heard(room(), happening([said('mara', 'one')])).room;
    const after = welcomed(before, aWelcome({ current_state: null, recovered: true, public_seq: 1 }));
    expect(after && contents(after)).toEqual(['one']);
    expect(after?.publicSeq).toBe(1);
  });

  it('keeps what joins on to a fresh start, and drops what would leave a hole', () => {
    const before = heard(room(), happening([said('mara', 'one'), said('mara', 'two')])).room;
    const freshFrom = (first: number) =>
      welcomed(
        before,
        aWelcome({
          public_seq: first,
          current_state: {
            members: [],
            tasks: [],
            current_files: [],
            recent_activity: happening([said('jo', 'fresh')], first),
          },
        }),
      ) as WatchedRoom;
    expect(contents(freshFrom(3))).toEqual(['one', 'two', 'fresh']);
    expect(contents(freshFrom(2))).toEqual(['one', 'fresh']);
    expect(contents(freshFrom(9))).toEqual(['fresh']);
  });

  it('shows nothing of another epoch', () => {
    const before = heard(room(), happening([said('mara', 'one')])).room;
    expect(welcomed(before, aWelcome({ epoch: 'epoch-2' }))?.events).toEqual([]);
  });

  it('follows who is there, what they take on and which files change', () => {
    const events = happening([
      { type: 'member.joined', member_name: 'mara' },
      { type: 'agent.joined', agent_name: 'otter', agent_owner: 'mara' },
      asked(1, 'Say hello'),
      claimed(1, 'Say hello'),
      pushed('otter', ['b.md', 'a.md']),
      pushed('otter', ['a.md', 'c.md']),
      { type: 'member.left', member_name: 'mara' },
    ]);
    const { members, tasks, files } = heard(room(), events).room;
    expect(members.map(({ name, type }) => [name, type])).toEqual([['otter', 'agent']]);
    expect(tasks).toMatchObject([{ task_id: 'task-1', state: 'claimed', agent_name: 'otter' }]);
    expect(files).toEqual(['a.md', 'c.md', 'b.md']);
  });

  it('sees that somebody is there from what they do', () => {
    const state = {
      members: [{ id: 'm', name: 'mara', type: 'human' as const, status: 'offline', owner: null }],
      tasks: [],
      recent_activity: [],
      current_files: [],
    };
    const { members } = heard(room({ current_state: state }), happening([said('mara', 'back')])).room;
    expect(members[0]?.status).toBe('active');
  });
});
