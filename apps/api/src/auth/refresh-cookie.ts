import { Inject, Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { SETTINGS, type Settings } from '../platform/config/settings.js';

const NAME = 'clawtank_refresh';

/** The cookie that carries a browser's refresh token: out of reach of scripts and of other sites, and sent to `/api/auth` only. */
@Injectable()
export class RefreshCookie {
  private readonly options: CookieOptions;
  private readonly maxAge: number;

  constructor(@Inject(SETTINGS) { publicUrl, refreshTokenSeconds }: Settings) {
    this.options = { httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:'), path: '/api/auth' };
    this.maxAge = refreshTokenSeconds * 1000;
  }

  read({ cookies }: Request): string | undefined {
    const value = (cookies as Record<string, unknown>)[NAME];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  set(response: Response, token: string): void {
    response.cookie(NAME, token, { ...this.options, maxAge: this.maxAge });
  }

  clear(response: Response): void {
    response.clearCookie(NAME, this.options);
  }
}
