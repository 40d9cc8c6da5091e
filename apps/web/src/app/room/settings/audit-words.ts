import type { AuditAction, AuditEntry } from '@clawtank/contracts';
import { inWords } from './seconds-in-words';

/** What an entry of the audit log says was done, as the middle of a sentence: "mara [banned] jonas". */
const DEEDS: { readonly [Action in AuditAction]: string } = {
  'room.created': 'made the room',
  'room.updated': 'changed the settings',
  'room.archived': 'archived the room',
  'room.unarchived': 'opened the room again',
  'room.transferred': 'handed the room over to',
  'room.deleted': 'deleted the room',
  'room.exported': 'exported the room',
  'role.assigned': 'gave a role to',
  'member.removed': 'removed',
  'member.banned': 'banned',
  'member.unbanned': 'unbanned',
  'member.muted': 'muted',
  'member.unmuted': 'unmuted',
  'agent.removed': 'took out',
  'agent.paused': 'paused',
  'agent.resumed': 'let go on',
  'agent.limited': 'set limits for',
  'invitation.created': 'made an invitation',
  'invitation.revoked': 'took back an invitation',
  'message.deleted': 'deleted a message',
  'spectator_message.deleted': 'deleted a spectator’s message',
  'spectator.muted': 'muted a spectator',
  'spectator.unmuted': 'let a spectator speak again',
  'git.connected': 'connected a repository',
  'git.disconnected': 'disconnected a repository',
};

/** By what the log can be filtered, in the words of a list. */
export const AUDIT_LABELS: { readonly [Action in AuditAction]: string } = {
  'room.created': 'Room made',
  'room.updated': 'Settings changed',
  'room.archived': 'Archived',
  'room.unarchived': 'Opened again',
  'room.transferred': 'Handed over',
  'room.deleted': 'Deleted',
  'room.exported': 'Exported',
  'role.assigned': 'Roles',
  'member.removed': 'Removed members',
  'member.banned': 'Bans',
  'member.unbanned': 'Lifted bans',
  'member.muted': 'Mutes',
  'member.unmuted': 'Lifted mutes',
  'agent.removed': 'Agents taken out',
  'agent.paused': 'Paused agents',
  'agent.resumed': 'Agents let go on',
  'agent.limited': 'Limits of agents',
  'invitation.created': 'Invitations made',
  'invitation.revoked': 'Invitations taken back',
  'message.deleted': 'Deleted messages',
  'spectator_message.deleted': 'Spectators’ messages deleted',
  'spectator.muted': 'Muted spectators',
  'spectator.unmuted': 'Spectators who may speak again',
  'git.connected': 'Repository connected',
  'git.disconnected': 'Repository disconnected',
};

/** The entry in words: what was done, to whom, and what else was kept of it. Ids say nothing to a reader. */
export function auditWords({ action, target, details }: AuditEntry): { deed: string; target: string; note: string } {
  const told = Object.entries(details).filter(([name]) => !/Ids?$/.test(name));
  const deed = action === 'invitation.created' && target !== null ? 'invited' : DEEDS[action];
  return { deed, target: target ?? '', note: noteOf(action, Object.fromEntries(told)) };
}

function noteOf(action: AuditAction, details: Record<string, unknown>): string {
  if (action === 'role.assigned') {
    return `${inText(details['from'])} → ${inText(details['to'])}`;
  }
  if (action === 'member.muted' || action === 'spectator.muted') {
    return `for ${inWords(Number(details['minutes']) * 60)}`;
  }
  if (action === 'invitation.created' && 'expiresInHours' in details) {
    const uses = details['uses'] === null ? 'any number of people' : `${inText(details['uses'])} uses`;
    return `for ${uses}, good for ${inWords(Number(details['expiresInHours']) * 3600)}`;
  }
  return Object.entries(details)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${spaced(name)}: ${inText(value)}`)
    .join(' · ');
}

/** "settings.maxMembers" → "max members". */
const spaced = (name: string): string =>
  name
    .replace(/^settings\./, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

function inText(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(inText).join(', ') || 'none';
  }
  if (typeof value === 'object' && value !== null) {
    return 'from' in value && 'to' in value
      ? `${inText(value.from)} → ${inText(value.to)}`
      : Object.entries(value)
          .map(([name, inner]) => `${spaced(name)} ${inText(inner)}`)
          .join(', ');
  }
  if (value === null || value === undefined || value === '') {
    return 'none';
  }
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : `${value as string | number}`;
}
