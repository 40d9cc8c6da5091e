import type { EffectiveAgentLimits } from '@clawtank/contracts';
import { All, Controller, Logger, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AgentKeys } from '../../agents/index.js';
import { GitCredentials } from '../../auth/index.js';
import { actorOf, type Caller } from '../../platform/caller.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { ForAnyone } from '../../platform/http/caller.guard.js';
import { tagsOf } from '../../platform/sockets/connection.js';
import { Connections } from '../../platform/sockets/connections.js';
import {
  type AgentPush,
  permittedInWords,
  permittedPattern,
  requirePermitted,
  RoomAccess,
  RoomLeases,
} from '../../rooms/index.js';
import { LEASE_HEADER, readLease } from '../hosting/domain/named-lease.js';
import type { Pusher } from '../hosting/domain/pusher.js';
import type { PermittedPaths } from '../hosting/push-guard.js';
import { HostedRepositories } from '../hosting/repository-store.js';
import { type GitService, recogniseGitRequest, SmartHttp, type TransferOutcome } from '../hosting/smart-http.js';
import { HostedChanges } from './hosted-changes.service.js';
import { DEFAULT_BRANCH, DEFAULT_REF } from './hosting.js';

const PROTECTED = `${DEFAULT_BRANCH} changes only by merging: push a branch and open a pull request in the room.`;
const REPOSITORY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.git)?(\/.*)$/;

/** `git clone`, `fetch` and `push` over HTTP. The password is a token; members read, members and their agents push branches. */
@ForAnyone()
@ApiExcludeController()
@Controller('git')
export class SmartHttpController {
  private readonly logger = new Logger(SmartHttpController.name);

  constructor(
    private readonly credentials: GitCredentials,
    private readonly rooms: RoomAccess,
    private readonly leases: RoomLeases,
    private readonly keys: AgentKeys,
    private readonly repositories: HostedRepositories,
    private readonly http: SmartHttp,
    private readonly changes: HostedChanges,
    private readonly connections: Connections,
  ) {}

  @All('*path')
  async serve(
    @Req() request: Request,
    @Res() response: Response,
    @Param('path') path: string | string[],
  ): Promise<void> {
    const [, roomId, rest] = REPOSITORY.exec([path].flat().join('/')) ?? [];
    const { service } = request.query;
    const asked =
      rest === undefined
        ? undefined
        : recogniseGitRequest(request.method, rest, typeof service === 'string' ? service : undefined);
    if (roomId === undefined || !asked || asked.kind === 'unknown') {
      response.status(404).type('text/plain').send('There is no such repository\n');
      return;
    }
    if (asked.kind === 'dumb_protocol') {
      response.status(403).type('text/plain').send('Use a git client that speaks the smart HTTP protocol\n');
      return;
    }
    const since = this.connections.now();
    const caller = await this.identify(request, response);
    const limits = caller && (await this.mayUse(caller, roomId, asked.service, request, response));
    if (!caller || !limits) {
      return;
    }
    const line = { tags: tagsOf(caller), close: () => request.destroy() };
    const forget = this.connections.keep(line);
    try {
      if (this.connections.wasClosedSince(since, line.tags)) {
        line.close();
      } else {
        await this.answer(asked, roomId, { caller, limits }, request, response);
      }
    } finally {
      forget();
    }
  }

  /** Whoever loses access meanwhile is cut off: what of a push has not arrived by then is not taken in. */
  private async answer(
    { kind, service }: { readonly kind: 'advertise' | 'exchange'; readonly service: GitService },
    roomId: string,
    { caller, limits }: { readonly caller: Caller; readonly limits: EffectiveAgentLimits },
    request: Request,
    response: Response,
  ): Promise<void> {
    const repository = this.repositories.at(roomId);
    if (kind === 'advertise') {
      await this.http.advertise(repository, service, request, response);
    } else if (service === 'git-upload-pack') {
      this.report(await this.http.uploadPack(repository, request, response));
    } else {
      const change = await this.changes.begin(roomId);
      this.report(
        await this.http.receivePack(repository, request, response, {
          pusher: pusherOf(caller),
          protectedRef: DEFAULT_REF,
          message: PROTECTED,
          paths: pathsOf(limits),
          mayMove: (ref) => this.objectionTo(ref, roomId, request),
          settle: () => this.changes.settle(roomId, [change], actorOf(caller)),
        }),
      );
    }
  }

  /** The caller, or null after answering that they have to say who they are. */
  private async identify(request: Request, response: Response): Promise<Caller | null> {
    const caller = await this.callerOf(request).catch((error: unknown) => {
      if (error instanceof Refusal) {
        return null;
      }
      throw error;
    });
    if (caller) {
      return caller;
    }
    response
      .status(401)
      .setHeader('WWW-Authenticate', 'Basic realm="ClawTank", charset="UTF-8"')
      .type('text/plain')
      .send('Use any user name, and an access token or an agent token as the password\n');
    return null;
  }

  /** The caller by HTTP Basic authentication. */
  private callerOf(request: Request): Promise<Caller> {
    const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
    const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    return this.credentials.authenticate(scheme?.toLowerCase() === 'basic' ? password : '');
  }

  /** What the caller is held to in the room, or null after answering why not. */
  private async mayUse(
    caller: Caller,
    roomId: string,
    service: GitService,
    request: Request,
    response: Response,
  ): Promise<EffectiveAgentLimits | null> {
    let limits: EffectiveAgentLimits;
    try {
      limits =
        service === 'git-receive-pack'
          ? await this.requirePush(caller, roomId, request, null)
          : (await this.rooms.look(caller, roomId, 'read')).limits;
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      response.status(error.status).type('text/plain').send(`${error.message}\n`);
      return null;
    }
    if (!(await this.repositories.exists(roomId))) {
      response.status(404).type('text/plain').send('This room has no repository here\n');
      return null;
    }
    return limits;
  }

  /** What the caller is held to if they may push, to `branch` if that is known yet; an agent only for what it holds. */
  private async requirePush(
    caller: Caller,
    roomId: string,
    request: Request,
    branch: string | null,
  ): Promise<EffectiveAgentLimits> {
    const { limits } = await this.rooms.look(caller, roomId, 'push');
    requirePermitted(limits, 'push');
    const lease = leaseNamedBy(request);
    if (caller.type === 'agent') {
      await this.keys.requireNotAllRevoked(caller.agentId);
      await this.leases.requireForPush(caller, { roomId, lease, branch });
    } else if (lease) {
      throw new Refusal('invalid_input', `${LEASE_HEADER} is for agents, who hold leases`);
    }
    return limits;
  }

  /** Why a ref may not be moved by a push that has arrived, or null. Everything is looked at again: it may have taken minutes to arrive. */
  private async objectionTo(ref: string, roomId: string, request: Request): Promise<string | null> {
    const [, branch = null] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
    try {
      await this.requirePush(await this.callerOf(request), roomId, request, branch);
      return null;
    } catch (error) {
      if (error instanceof Refusal) {
        return error.message;
      }
      this.logger.error(error);
      return 'The server could not look whether this may be pushed. Try again.';
    }
  }

  private report(outcome: TransferOutcome): void {
    if (outcome.outcome === 'failed') {
      this.logger.error(outcome.error);
    }
  }
}

function leaseNamedBy(request: Request): AgentPush['lease'] {
  const named = request.headers[LEASE_HEADER];
  const lease = named === undefined ? null : readLease(String(named));
  if (named !== undefined && !lease) {
    throw new Refusal('invalid_input', `${LEASE_HEADER} is <task id>/<lease id>, and of an agent’s own lease`);
  }
  return lease;
}

/** The kind of pusher travels in the address, since the log of a ref keeps nothing else. */
const pusherOf = (caller: Caller): Pusher => ({
  id: caller.id,
  name: caller.name,
  email: `${caller.type === 'agent' ? 'agent+' : ''}${caller.id}@users.clawtank.invalid`,
});

function pathsOf({ paths }: EffectiveAgentLimits): PermittedPaths | undefined {
  const pattern = permittedPattern(paths);
  return pattern === null ? undefined : { pattern, words: permittedInWords(paths) };
}
