import { Id } from '@clawtank/contracts';
import type { Resource, ResourceTemplateType, TextResourceContents } from '@modelcontextprotocol/server';
import { Injectable } from '@nestjs/common';
import type { AgentCaller } from '../platform/caller.js';
import { notFound } from '../platform/errors/refusal.js';
import { RoomContexts } from '../rooms/index.js';
import { contextOfRoom, contextOfTask } from './domain/room-context.js';
import { RoomReader } from './room-reader.js';

const MARKDOWN = 'text/markdown';
const ROOM = /^clawtank:\/\/rooms\/([^/]+)\/context$/;
const TASK = /^clawtank:\/\/rooms\/([^/]+)\/tasks\/([^/]+)$/;

/** Rooms and their tasks as texts that a person may hand to a model. What others wrote stands in them fenced and labelled. */
@Injectable()
export class RoomResources {
  constructor(
    private readonly rooms: RoomReader,
    private readonly contexts: RoomContexts,
  ) {}

  readonly templates: ResourceTemplateType[] = [
    {
      name: 'room',
      title: 'A room',
      description: 'Its members, your seat and your tasks, its open tasks, and what was said last.',
      uriTemplate: 'clawtank://rooms/{roomId}/context',
      mimeType: MARKDOWN,
    },
    {
      name: 'task',
      title: 'A task',
      description: 'What is wanted, and what happened so far.',
      uriTemplate: 'clawtank://rooms/{roomId}/tasks/{taskId}',
      mimeType: MARKDOWN,
    },
  ];

  /** The rooms that the agent has a seat in. */
  async list(caller: AgentCaller): Promise<Resource[]> {
    return (await this.rooms.rooms(caller)).map(({ id, name }) => ({
      uri: `clawtank://rooms/${id}/context`,
      name,
      mimeType: MARKDOWN,
    }));
  }

  async read(caller: AgentCaller, uri: string): Promise<TextResourceContents> {
    const text = await this.textAt(caller, uri);
    return { uri, mimeType: MARKDOWN, text };
  }

  private async textAt(caller: AgentCaller, uri: string): Promise<string> {
    const [, ofRoom] = ROOM.exec(uri) ?? [];
    if (ofRoom !== undefined) {
      return contextOfRoom(await this.contexts.read(caller, { roomId: idIn(ofRoom) }));
    }
    const [, roomId, taskId] = TASK.exec(uri) ?? [];
    if (roomId !== undefined && taskId !== undefined) {
      const { task, history } = await this.rooms.task(caller, idIn(roomId), idIn(taskId));
      return contextOfTask(task, history);
    }
    throw notFound('resource');
  }
}

function idIn(part: string): string {
  const id = Id.safeParse(part);
  if (!id.success) {
    throw notFound('resource');
  }
  return id.data;
}
