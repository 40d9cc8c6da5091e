import * as z from 'zod';
import { AgentKey, AgentRegister, AgentSelf, AgentStatusReport, RegisterKey } from './agents.js';
import { Approval, DecideApproval, RequestApproval, WithdrawApproval } from './approvals.js';
import { MarkDirectRead, MarkRead } from './attention.js';
import {
  ChatMessage,
  DeleteDirectMessage,
  DeleteMessage,
  DirectMessage,
  EditDirectMessage,
  EditMessage,
  PinMessage,
  React,
  SendDirectMessage,
  SendMessage,
} from './chat.js';
import type { Reply } from './errors.js';
import { Issue, OpenPullRequest, PullRequest, TakeIssue } from './git.js';
import { AckInbox, InboxCursor, InboxPage, ReadInbox } from './inbox.js';
import { GetRoomContext, RoomContext } from './room-context.js';
import {
  AnswerSpectators,
  DeleteSpectatorMessage,
  MuteSpectator,
  PromoteSpectatorMessage,
  SpectatorMessageView,
  SpectatorMute,
} from './spectators.js';
import { JoinRoom, LeaveRoom, SetPresence, Typing } from './rooms.js';
import { ClaimedPaths, ClaimPaths } from './task-paths.js';
import {
  AgentAction,
  CancelTask,
  ClaimedTask,
  ClaimTask,
  ConfirmReceipt,
  CreateTask,
  FailTask,
  Lease,
  ReleaseTask,
  RenewLease,
  ReportProgress,
  ReviewTask,
  SubmitWork,
  Task,
  TaskReceipt,
  UpdateTask,
} from './tasks.js';

const Joined = z.object({ roomId: z.string(), epoch: z.string(), seq: z.int(), recovered: z.boolean() });
const Done = z.object({});
const anybody = ['human', 'agent'] as const;
const people = ['human'] as const;
const agents = ['agent'] as const;

interface CommandSpec<Request extends z.ZodType, Answer extends z.ZodType> {
  readonly describe: string;
  readonly callers: readonly ('human' | 'agent')[];
  readonly request: Request;
  readonly reply: Answer;
}
const command = <Request extends z.ZodType, Answer extends z.ZodType>(
  describe: string,
  callers: readonly ('human' | 'agent')[],
  request: Request,
  reply: Answer,
): CommandSpec<Request, Answer> => ({ describe, callers, request, reply });

/** Every command of the socket, in one table: what it asks, who may ask it, and what the acknowledgement carries. People speak in `/`, agents in `/agents`. */
export const COMMANDS = {
  join_room: command(
    'Follow a room. Answered by the head of its log; `room_joined` carries the room or announces the recovery.',
    anybody,
    JoinRoom,
    Joined,
  ),
  leave_room: command('Stop following a room on this connection. The seat stays.', anybody, LeaveRoom, Done),
  chat_message: command('Say something. Acknowledged once it is stored.', anybody, SendMessage, ChatMessage),
  edit_message: command(
    'Change what one said. Its author only; what it said before is kept and shown.',
    anybody,
    EditMessage,
    ChatMessage,
  ),
  delete_message: command(
    'Take a message back, for good and everywhere. Its author, or whoever moderates.',
    anybody,
    DeleteMessage,
    ChatMessage,
  ),
  react: command('Answer a message with an emoji, or take that back.', anybody, React, ChatMessage),
  pin_message: command('Keep a message at hand for everybody, or let go of it.', people, PinMessage, ChatMessage),
  spectator_chat_message: command(
    'Say something in the spectators’ chat of the room. Not in the room’s log; no agent reads it.',
    people,
    AnswerSpectators,
    SpectatorMessageView,
  ),
  promote_spectator_message: command(
    'Bring one message of the spectators’ chat into the room, as a quote with `trust: spectator`. Once: a second promotion is answered with the first.',
    people,
    PromoteSpectatorMessage,
    ChatMessage,
  ),
  delete_spectator_message: command(
    'Take a message out of the spectators’ chat, and out of the room if it was promoted. Whoever moderates, or the member who said it.',
    people,
    DeleteSpectatorMessage,
    SpectatorMessageView,
  ),
  mute_spectator: command(
    'Let whoever said a message of the spectators’ chat say nothing more there for a while.',
    people,
    MuteSpectator,
    SpectatorMute,
  ),
  direct_message: command('Say something to one other member of the room.', anybody, SendDirectMessage, DirectMessage),
  edit_direct_message: command('Change what one said to another.', anybody, EditDirectMessage, DirectMessage),
  delete_direct_message: command('Take back what one said to another.', anybody, DeleteDirectMessage, DirectMessage),
  typing: command('Say that one is writing. Lossy, and never stored.', anybody, Typing, Done),
  mark_read: command('Say that everything up to a place was read.', people, MarkRead, Done),
  mark_direct_read: command('Say what was read of a direct conversation.', people, MarkDirectRead, Done),
  set_presence: command('Say whether the person is at the keyboard.', people, SetPresence, Done),
  create_task: command('Make a task, for an agent of the room or for whoever claims it.', people, CreateTask, Task),
  update_task: command(
    'Change what a task says, how urgent it is, whose it is, and what it waits for.',
    people,
    UpdateTask,
    Task,
  ),
  review_task: command(
    'Approve the work that was handed in, or ask for changes; the agent that did it gets them.',
    people,
    ReviewTask,
    Task,
  ),
  decide_approval: command(
    'Give an agent leave for a step, or not. Its owner only. Who decides the same again changes nothing.',
    people,
    DecideApproval,
    Approval,
  ),
  cancel_task: command('Stop a task. Whoever holds it loses its lease.', people, CancelTask, Task),
  take_issue: command(
    'Make a task of an issue of the room’s repository. The task follows a moment later; a second one does not while the first is unfinished.',
    people,
    TakeIssue,
    Issue,
  ),
  open_pull_request: command(
    'Propose a pushed branch for merging into the default branch.',
    anybody,
    OpenPullRequest,
    PullRequest,
  ),
  agent_register: command(
    'Say what this agent can do. Answered by who it is and where it has a seat.',
    agents,
    AgentRegister,
    AgentSelf,
  ),
  register_key: command(
    'Make a key the agent’s own, with the proof that it has the private half. Asked again, it answers the same key.',
    agents,
    RegisterKey,
    AgentKey,
  ),
  agent_status: command(
    'Say what the agent is doing, to every room it has a seat in.',
    agents,
    AgentStatusReport,
    Done,
  ),
  agent_action: command(
    'The specification’s one message for agents; each action is one of the commands below in another shape.',
    agents,
    AgentAction,
    z.unknown(),
  ),
  claim_task: command(
    'Take an open task. Of several that ask, exactly one gets the lease; the holder itself gets its lease again.',
    agents,
    ClaimTask,
    ClaimedTask,
  ),
  claim_paths: command(
    'Say what the task one holds will touch, in place of what was said before. Answered by who else touches that; nobody is stopped.',
    agents,
    ClaimPaths,
    ClaimedPaths,
  ),
  task_receipt: command(
    'Say how far the offer of a task has come: it has arrived, the agent will take it, it was set to work.',
    agents,
    ConfirmReceipt,
    TaskReceipt,
  ),
  lease_renew: command('Keep the lease. Sent by the process, not by the model.', agents, RenewLease, Lease),
  task_progress: command('Say how far the work is.', agents, ReportProgress, Task),
  submit_work: command(
    'Hand in the work: a pushed branch and its tip, every commit of it signed by the agent’s key.',
    agents,
    SubmitWork,
    Task,
  ),
  release_task: command('Give the task back.', agents, ReleaseTask, Task),
  request_approval: command(
    'Ask for leave to take a step. Answered by how that stands; the decision follows as `approval_decided`.',
    agents,
    RequestApproval,
    Approval,
  ),
  withdraw_approval: command(
    'Say that a step needs no leave any more, so that nobody decides about it. Answered by how it stands: what was decided before stays decided.',
    agents,
    WithdrawApproval,
    Approval,
  ),
  get_room_context: command(
    'What the agent has to know to work in a room, as one document: the room, who is there, its own seat, tasks, messages.',
    agents,
    GetRoomContext,
    RoomContext,
  ),
  read_inbox: command(
    'Read what is addressed to the agent in all its rooms, in order, after a number. Reading changes nothing.',
    agents,
    ReadInbox,
    InboxPage,
  ),
  ack_inbox: command(
    'Say that everything up to a number is dealt with: it is not told again. The cursor never moves back.',
    agents,
    AckInbox,
    InboxCursor,
  ),
  fail_task: command('Say that the task cannot be done, or not now.', agents, FailTask, Task),
} as const;

export type CommandName = keyof typeof COMMANDS;
export type CommandRequest<Name extends CommandName> = z.infer<(typeof COMMANDS)[Name]['request']>;
/** A request as a client writes it: what has a default may be left out. */
export type CommandInput<Name extends CommandName> = z.input<(typeof COMMANDS)[Name]['request']>;
export type CommandReply<Name extends CommandName> = z.infer<(typeof COMMANDS)[Name]['reply']>;

/** The same commands as Socket.IO emitters; every one is acknowledged. */
export type ClientToServerEvents = {
  [Name in CommandName]: (request: CommandInput<Name>, acknowledge: (reply: Reply<CommandReply<Name>>) => void) => void;
};

/** The command that an action of the specification's `agent_action` stands for. */
export function commandOfAction({ roomId, action, payload }: AgentAction): { name: CommandName; request: unknown } {
  switch (action) {
    case 'task_pickup':
      return { name: 'claim_task', request: { roomId, ...payload } };
    case 'status_update':
      return { name: 'agent_status', request: payload };
    case 'code_commit': {
      const { taskId, leaseId, branch, sha, message } = payload;
      return {
        name: 'task_progress',
        request: {
          roomId,
          taskId,
          leaseId,
          note: `Committed ${sha.slice(0, 10)} to ${branch}: ${message}`.slice(0, 500),
        },
      };
    }
    case 'pr_created':
      return { name: 'open_pull_request', request: { roomId, ...payload } };
  }
}
