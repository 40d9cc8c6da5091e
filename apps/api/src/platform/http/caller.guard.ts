import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AUTHENTICATOR, type Authenticator } from '../authenticator.js';
import type { Caller } from '../caller.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Refusal } from '../errors/refusal.js';
import { type Limiter, RateLimits } from '../rate-limits.js';

const ACCESS = 'clawtank:access';
type Access = 'anyone' | 'people' | 'members';

/** A route for everybody; the caller is known if a valid token came along. */
export const ForAnyone = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'anyone' satisfies Access);
/** A route for signed-in people only. Without a mark, agents may use a route too. */
export const ForPeople = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'people' satisfies Access);

type RequestWithCaller = Request & { caller?: Caller };

/** The authenticated caller; `null` only on routes for anyone. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller | null => {
  return context.switchToHttp().getRequest<RequestWithCaller>().caller ?? null;
});

/** Knows the caller of every REST request by its bearer token, and bounds how much each may ask. */
@Injectable()
export class CallerGuard implements CanActivate {
  private readonly limiter: Limiter;

  constructor(
    private readonly reflector: Reflector,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    limits: RateLimits,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.limiter = limits.named('requests', { points: settings.commandsPerMinute, seconds: 60 });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') {
      return true;
    }
    const access =
      this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]) ??
      'members';
    const request = context.switchToHttp().getRequest<RequestWithCaller>();
    const token = bearerToken(request);
    if (token !== undefined) {
      request.caller = await this.authenticator.authenticate(token);
    } else if (access !== 'anyone') {
      throw new Refusal('unauthenticated', 'Sign in first');
    }
    if (access === 'people' && request.caller?.type === 'agent') {
      throw new Refusal('forbidden', 'Only people can do this');
    }
    if (request.caller) {
      await this.limiter.consume(request.caller.id);
    }
    return true;
  }
}

function bearerToken({ headers }: Request): string | undefined {
  const [scheme, token] = (headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined;
}
