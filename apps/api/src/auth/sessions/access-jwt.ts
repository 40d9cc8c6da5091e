import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import * as z from 'zod';
import { Clock } from '../../platform/clock.js';
import { SETTINGS, type Settings } from '../../platform/config/settings.js';
import type { UserEntity } from '../../users/index.js';

const ISSUER = 'clawtank';
const AUDIENCE = 'clawtank-api';
const ALGORITHM = 'HS256';

const Claims = z.object({ sub: z.uuid(), sid: z.uuid() });

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

/** Access tokens: short-lived, signed, and good only while their session lives. */
@Injectable()
export class AccessJwt {
  constructor(
    private readonly jwt: JwtService,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async sign(
    { id, username, role }: Pick<UserEntity, 'id' | 'username' | 'role'>,
    sessionId: string,
  ): Promise<AccessToken> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const expires = issuedAt + Math.ceil(this.settings.accessTokenSeconds);
    const accessToken = await this.jwt.signAsync(
      { sub: id, sid: sessionId, name: username, role, iat: issuedAt, exp: expires },
      { algorithm: ALGORITHM, issuer: ISSUER, audience: AUDIENCE },
    );
    return { accessToken, expiresAt: new Date(expires * 1000) };
  }

  /** Whose token it is; null if it is forged, expired, or no access token at all. Whether the session lives is another question. */
  async verify(token: string): Promise<{ userId: string; sessionId: string } | null> {
    try {
      const claims = Claims.parse(
        await this.jwt.verifyAsync<object>(token, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          clockTimestamp: Math.floor(this.clock.now().getTime() / 1000),
        }),
      );
      return { userId: claims.sub, sessionId: claims.sid };
    } catch {
      return null;
    }
  }
}
