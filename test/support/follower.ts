import type { RoomEvent, RoomJoined, RoomState } from '@clawtank/contracts';
import { applyRoomEvent, messageAsEvent } from '@clawtank/room-state';
import { accepted, eventually, type RoomSocket } from './people.js';

/** Follows a room over a socket as a client does, with the shared reducer, and keeps every entry it was sent. */
export class Follower {
  readonly events: RoomEvent[] = [];
  readonly joins: RoomJoined[] = [];
  gaps = 0;
  private state_: RoomState | undefined;

  private constructor(
    readonly socket: RoomSocket,
    readonly roomId: string,
  ) {
    socket.on('room_joined', (joined) => {
      if (joined.roomId === roomId) {
        this.joins.push(joined);
        if (joined.roomData) {
          const { epoch, seq, room, members, messages, tasks, paths, conflicts, approvals, pullRequests, activity } =
            joined.roomData;
          this.state_ = {
            epoch,
            seq,
            room,
            members,
            messages,
            tasks,
            paths,
            conflicts,
            approvals,
            pullRequests,
            activity,
          };
        }
      }
    });
    socket.on('message_broadcast', (push) => push.roomId === roomId && this.receive(messageAsEvent(push.message)));
    socket.on(
      'activity_update',
      (push) => push.roomId === roomId && push.activity.forEach((event) => this.receive(event)),
    );
  }

  static async join(
    socket: RoomSocket,
    roomId: string,
    from?: { lastSeq: number; epoch: string; state: RoomState },
  ): Promise<Follower> {
    const follower = new Follower(socket, roomId);
    follower.state_ = from?.state;
    await accepted(socket, 'join_room', { roomId, ...(from && { lastSeq: from.lastSeq, epoch: from.epoch }) });
    await eventually(() => follower.joins.length > 0);
    return follower;
  }

  get state(): RoomState {
    if (!this.state_) {
      throw new Error('The room has not been joined yet');
    }
    return this.state_;
  }

  /** Waits until everything up to `seq` has arrived. */
  async reach(seq: number): Promise<RoomState> {
    await eventually(() => this.state.seq >= seq);
    return this.state;
  }

  async until<Found>(find: (state: RoomState) => Found | undefined | null | false): Promise<Found> {
    return eventually(() => find(this.state));
  }

  private receive(event: RoomEvent): void {
    this.events.push(event);
    const next = applyRoomEvent(this.state, event);
    if (next === 'gap') {
      this.gaps++;
    } else {
      this.state_ = next;
    }
  }
}
