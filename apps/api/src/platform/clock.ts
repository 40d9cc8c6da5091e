import { Injectable } from '@nestjs/common';

/** The only source of the current time, so that tests can choose it. Whole milliseconds, as PostgreSQL keeps them here. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
