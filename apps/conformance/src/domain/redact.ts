/** Tokens of ClawTank, those that name a session, what basic authentication carries, and private keys, as text or inside JSON. */
const SECRETS =
  /\bct[a-z]_[\w-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=\bBasic )[\w+/=]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs;

export type Redact = (text: string) => string;

/** Takes out what nobody is to read in a report that may be passed on: known secrets, and whatever looks like one. */
export function redactor(known: readonly (string | undefined)[]): Redact {
  const secrets = known.filter((secret): secret is string => secret !== undefined && secret !== '');
  return (text) =>
    secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text).replaceAll(SECRETS, '[secret]');
}
