import { Logger } from '@nestjs/common';

/** Keeps what a test provokes out of its output. */
export const quiet = (): void => void Logger.overrideLogger(false);
