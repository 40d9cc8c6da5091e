import * as z from 'zod';
import { Handle, Id, Instant, OptionalText } from './primitives.js';

const Password = z.string().min(10, 'Use at least 10 characters').max(200, 'Use at most 200 characters');

export const Register = z
  .object({
    username: Handle,
    password: Password,
    email: z.email().max(254).optional(),
    /** From the one-time set-up link; makes the first account the administrator's. */
    setupToken: z.string().max(200).optional(),
  })
  .meta({ id: 'Register' });
export type Register = z.infer<typeof Register>;

export const Login = z
  .object({
    username: z.string().trim().min(1).max(254).meta({ description: 'User name or e-mail address' }),
    password: z.string().min(1).max(200),
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof Login>;

export const Account = z
  .object({
    id: Id,
    username: z.string(),
    email: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    bio: z.string(),
    role: z.enum(['user', 'admin']),
    providers: z.array(z.enum(['github', 'gitlab'])),
    hasPassword: z.boolean(),
    createdAt: Instant,
  })
  .meta({ id: 'Account', description: 'What a person sees of their own account.' });
export type Account = z.infer<typeof Account>;

export const SignedIn = z
  .object({ accessToken: z.string(), expiresAt: Instant, account: Account })
  .meta({ id: 'SignedIn', description: 'A fresh access token. The refresh token travels in an httpOnly cookie only.' });
export type SignedIn = z.infer<typeof SignedIn>;

export const SignInOptions = z
  .object({
    registration: z.enum(['open', 'closed']),
    /** True until the first account exists: only the set-up link can make it an administrator's. */
    awaitingSetup: z.boolean(),
    providers: z.array(z.enum(['github', 'gitlab'])),
  })
  .meta({ id: 'SignInOptions' });
export type SignInOptions = z.infer<typeof SignInOptions>;

export const UpdateProfile = z
  .object({
    bio: OptionalText(280).optional(),
    avatarUrl: z
      .url({ protocol: /^https$/ })
      .max(500)
      .nullable()
      .optional(),
    email: z.email().max(254).nullable().optional(),
  })
  .meta({ id: 'UpdateProfile' });
export type UpdateProfile = z.infer<typeof UpdateProfile>;

export const UserProfile = z
  .object({
    id: Id,
    username: z.string(),
    avatarUrl: z.string().nullable(),
    bio: z.string(),
    createdAt: Instant,
    totalXP: z.int(),
    level: z.int(),
  })
  .meta({ id: 'UserProfile', description: 'What anybody may see of a person.' });
export type UserProfile = z.infer<typeof UserProfile>;

export const CreateAccessToken = z.object({ name: z.string().trim().min(1).max(60) }).meta({ id: 'CreateAccessToken' });
export type CreateAccessToken = z.infer<typeof CreateAccessToken>;

export const AccessToken = z
  .object({ id: Id, name: z.string(), prefix: z.string(), createdAt: Instant, lastUsedAt: Instant.nullable() })
  .meta({
    id: 'AccessToken',
    description: 'A personal token for git over HTTP. The secret is shown once, when it is made.',
  });
export type AccessToken = z.infer<typeof AccessToken>;

export const NewAccessToken = z.object({ accessToken: AccessToken, token: z.string() }).meta({ id: 'NewAccessToken' });
export type NewAccessToken = z.infer<typeof NewAccessToken>;
