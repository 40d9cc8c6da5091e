import { QueryFailedError } from 'typeorm';
import { Refusal } from '../platform/errors/refusal.js';

/** The unique constraint that a failed statement ran into, if that is why it failed. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) {
    return undefined;
  }
  const { code, constraint } = error.driverError as Error & { code?: string; constraint?: string };
  return code === '23505' ? constraint : undefined;
}

/** What a person hears when another account has the name or address they chose; any other error stays what it is. */
export function takenOrError(error: unknown): unknown {
  switch (violatedConstraint(error)) {
    case 'users_username_key':
      return new Refusal('username_taken', 'Somebody has this user name already');
    case 'users_email_key':
      return new Refusal('email_taken', 'Another account has this e-mail address');
    default:
      return error;
  }
}
