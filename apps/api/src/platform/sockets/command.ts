import type { CommandName } from '@clawtank/contracts';
import { SetMetadata } from '@nestjs/common';

export const COMMAND_HANDLER = 'clawtank:command';

/**
 * Marks a provider's method as the one handler of a socket command: `(caller, request, connection) => reply`. The request has
 * passed its contract's schema and the caller is of a kind the contract admits.
 */
export const Command = (name: CommandName): MethodDecorator => SetMetadata(COMMAND_HANDLER, name);
