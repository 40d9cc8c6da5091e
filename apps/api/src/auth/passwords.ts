import { Injectable } from '@nestjs/common';
import argon2 from 'argon2';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Raising these rehashes each password at its next use. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Keeps and checks passwords, with argon2id. */
@Injectable()
export class Passwords {
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return argon2.hash(normalise(password), { ...PARAMETERS, type: argon2.argon2id });
  }

  /** Takes as long for an account without a password, or for none at all, so that the time says nothing. */
  async matches(password: string, hash: string | null | undefined): Promise<boolean> {
    this.decoy ??= this.hash('nobody has this password');
    const isRight = await argon2.verify(hash ?? (await this.decoy), normalise(password));
    return isRight && hash != null;
  }

  isOutdated(hash: string): boolean {
    return argon2.needsRehash(hash, PARAMETERS);
  }
}

/** Keyboards differ in how they compose `é`; the password is the same. */
const normalise = (password: string): string => password.normalize('NFKC');
