import { Controller, Get, Inject, type OnModuleDestroy, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { REDIS } from '../bus/redis.js';
import { ForAnyone } from '../http/caller.guard.js';

const PATIENCE_MS = 2000;

/** For whoever supervises the process: is it alive, and may it be given traffic? */
@ForAnyone()
@ApiExcludeController()
@Controller('health')
export class HealthController implements OnModuleDestroy {
  private isDraining = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(REDIS) private readonly redis: Redis | null,
  ) {}

  onModuleDestroy(): void {
    this.isDraining = true;
  }

  @Get('live')
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Record<string, string>> {
    const [database, redis] = await Promise.all([
      answers(this.dataSource.query('SELECT 1')),
      this.redis ? answers(this.redis.ping()) : 'not used',
    ]);
    // Without Redis rooms go on, only slower between processes: no reason to send people away from all of them.
    const isReady = !this.isDraining && database === 'up';
    response.status(isReady ? 200 : 503);
    return { status: isReady ? 'ready' : this.isDraining ? 'draining' : 'not ready', database, redis };
  }
}

async function answers(question: Promise<unknown>): Promise<'up' | 'down'> {
  const patience = new Promise<'down'>((resolve) => setTimeout(resolve, PATIENCE_MS, 'down').unref());
  return Promise.race([question.then(() => 'up' as const).catch(() => 'down' as const), patience]);
}
