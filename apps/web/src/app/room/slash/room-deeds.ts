import { Service, inject } from '@angular/core';
import { Router } from '@angular/router';
import type { CreateTask, SlashCommand, SlashCommandName } from '@clawtank/contracts';
import { Badges } from '../../core/attention/badges';
import { newCommandId } from '../../core/connection/new-command-id';
import { MyRooms } from '../../core/my-rooms';
import { Confirm } from '../../shared/confirm/confirm';
import { Help } from '../../shortcuts/help';
import { HostingApi } from '../settings/hosting-api';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import { nameThatSits } from './name-that-sits';

/** What came of a command: words for the writer, or nothing to say; `'kept'` if the reader thought better of it. */
export type Outcome = { readonly words: string; readonly address?: string } | 'silent' | 'kept';

/** What the writer chose for the task that a command makes, besides its words. */
export type Wishes = Partial<Pick<CreateTask, 'deadline' | 'priority'>>;

type Args<Name extends SlashCommandName> = Extract<SlashCommand, { command: Name }>['args'];
type Deeds = { readonly [Name in SlashCommandName]: (args: Args<Name>) => Promise<Outcome> };

const LEVEL_WORDS = {
  all: 'You are told of everything that is said here.',
  mentions: 'You are told when somebody mentions or answers you.',
  none: 'This room is muted for you.',
} as const;

/** Does what each slash command asks, through the same doors as the rest of the room. What is refused ends as an ApiProblem. */
@Service({ autoProvided: false })
export class RoomDeeds {
  private readonly badges = inject(Badges);
  private readonly confirm = inject(Confirm);
  private readonly help = inject(Help);
  private readonly hosting = inject(HostingApi);
  private readonly myRooms = inject(MyRooms);
  private readonly room = inject(RoomApi);
  private readonly router = inject(Router);
  private readonly store = inject(RoomStore);

  /** `say` puts words into the room in the writer's name. */
  do({ command, args }: SlashCommand, say: (text: string) => void, wishes: Wishes): Promise<Outcome> {
    const deed = this.deeds(say, wishes)[command] as (args: SlashCommand['args']) => Promise<Outcome>;
    return deed(args);
  }

  private deeds(say: (text: string) => void, wishes: Wishes): Deeds {
    const roomId = this.store.roomId();
    const seatOf = (name: string) => nameThatSits(name, this.store.seats());
    const personOf = (name: string) => nameThatSits(name, this.store.seats(), 'human');
    return {
      task: async ({ agent, text }) => this.makeTask(agent, text, wishes),
      assign: async ({ agent, text }) => this.makeTask(agent, text, wishes),
      dm: async ({ name, text }) => {
        const { id, name: member } = seatOf(name);
        await this.store.ask('direct_message', {
          roomId,
          toMemberId: id,
          message: text,
          clientMessageId: newCommandId(),
        });
        return { words: `Sent to ${member} alone.`, address: `/rooms/${roomId}/direct/${id}` };
      },
      invite: async ({ name }) => {
        const { invitee } = await this.hosting.invite(roomId, name);
        return { words: `${invitee.name} is invited, and finds the invitation in their notifications.` };
      },
      topic: async ({ text }) => {
        await this.room.update(roomId, { description: text });
        return { words: 'The room says now what it is about.' };
      },
      slow: async ({ seconds }) => {
        await this.room.update(roomId, { settings: { slowModeSeconds: seconds } });
        return {
          words:
            seconds === 0
              ? 'Nobody waits between two messages any more.'
              : `Members wait ${lengthOf(seconds)} between two messages.`,
        };
      },
      role: async ({ name, role }) => {
        const { id, name: member } = personOf(name);
        await this.hosting.assignRole(roomId, id, role);
        return { words: `${member} is ${role} now.` };
      },
      mute: async ({ name, minutes }) => {
        const { id, name: member } = seatOf(name);
        await this.hosting.mute(roomId, id, minutes);
        return { words: `${member} only reads for ${lengthOf(minutes * 60)}.` };
      },
      unmute: async ({ name }) => {
        const { id, name: member } = seatOf(name);
        await this.hosting.unmute(roomId, id);
        return { words: `${member} may write again.` };
      },
      kick: ({ name }) => this.remove(seatOf(name)),
      ban: ({ name, reason }) => this.ban(personOf(name), reason),
      unban: async ({ name }) => this.unban(name),
      archive: () => this.archive(),
      notify: async ({ level }) => {
        await this.badges.prefer(roomId, level);
        return { words: LEVEL_WORDS[level] };
      },
      search: async ({ words }) => {
        const name = this.store.state()?.room.name ?? roomId;
        await this.router.navigate(['/search'], { queryParams: { q: `in:"${name}" ${words}`.trim() } });
        return 'silent';
      },
      me: async ({ text }) => this.say(say, `_${text}_`),
      shrug: async ({ text }) => this.say(say, `${text} ¯\\\\\\_(ツ)\\_/¯`.trim()),
      leave: () => this.leave(),
      help: async () => {
        await this.help.open((ability) => this.store.can(ability));
        return 'silent';
      },
    };
  }

  private say(say: (text: string) => void, text: string): Outcome {
    say(text);
    return 'silent';
  }

  private async makeTask(name: string | null, text: string, wishes: Wishes): Promise<Outcome> {
    const agent = name === null ? null : nameThatSits(name, this.store.seats(), 'agent');
    const { number } = await this.store.ask('create_task', {
      roomId: this.store.roomId(),
      description: text,
      ...wishes,
      commandId: newCommandId(),
      ...(agent && { agentId: agent.id }),
    });
    return {
      words: agent ? `Task ${number} is ${agent.name}’s to do.` : `Task ${number} is open to every agent here.`,
      address: `/rooms/${this.store.roomId()}?work=tasks`,
    };
  }

  private async remove({ id, name, type }: ReturnType<typeof nameThatSits>): Promise<Outcome> {
    const isSure = await this.confirm.ask({
      heading: `Remove ${name} from the room?`,
      text:
        type === 'agent'
          ? 'It gives its tasks back. What it said and did stays, and its owner may bring it again.'
          : 'Their agents go with them. What they said and did stays, and they may come back.',
      deed: `Remove ${name}`,
      isDangerous: true,
    });
    if (!isSure) {
      return 'kept';
    }
    await (type === 'agent'
      ? this.room.unseatAgent(this.store.roomId(), id)
      : this.room.removeMember(this.store.roomId(), id));
    return { words: `${name} is no longer in the room.` };
  }

  private async ban({ id, name }: ReturnType<typeof nameThatSits>, reason: string): Promise<Outcome> {
    const isSure = await this.confirm.ask({
      heading: `Ban ${name}?`,
      text: 'They and their agents are out at once, everywhere, and cannot come back, by an invitation either. What they said stays.',
      deed: `Ban ${name}`,
      isDangerous: true,
    });
    if (!isSure) {
      return 'kept';
    }
    await this.hosting.ban(this.store.roomId(), id, reason);
    return { words: `${name} is banned.` };
  }

  private async unban(name: string): Promise<Outcome> {
    const bans = await this.hosting.bans(this.store.roomId());
    const { id, name: person } = nameThatSits(
      name,
      bans.map(({ user }) => ({ ...user, type: 'human' as const })),
      'human',
      'is banned here',
    );
    await this.hosting.unban(this.store.roomId(), id);
    return { words: `${person} may come back.` };
  }

  private async archive(): Promise<Outcome> {
    const name = this.store.state()?.room.name ?? 'the room';
    const isSure = await this.confirm.ask({
      heading: `Archive ${name}?`,
      text: 'Agents give their tasks back, and nobody can write until it is opened again. Nothing is lost.',
      deed: `Archive ${name}`,
    });
    if (!isSure) {
      return 'kept';
    }
    await this.hosting.archive(this.store.roomId());
    this.myRooms.reload();
    return { words: `${name} is archived.` };
  }

  private async leave(): Promise<Outcome> {
    const name = this.store.state()?.room.name ?? 'the room';
    const isSure = await this.confirm.ask({
      heading: `Leave ${name}?`,
      text: 'Your agents leave with you. What you said and did stays. To come back you need an invitation, unless the room is public.',
      deed: `Leave ${name}`,
      isDangerous: true,
    });
    if (!isSure) {
      return 'kept';
    }
    await this.room.leave(this.store.roomId());
    this.myRooms.reload();
    await this.router.navigateByUrl('/');
    return { words: `You left ${name}.` };
  }
}

const LENGTHS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** 600 → "10 minutes". */
function lengthOf(seconds: number): string {
  const [size, unit] = LENGTHS.find(([size]) => seconds % size === 0 && seconds >= size) ?? LENGTHS[3];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
