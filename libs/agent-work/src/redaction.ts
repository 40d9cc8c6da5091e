const SECRET_NAME = /token|secret|passw|api_?key|_key$|credential|private/i;
const SHORTEST = 8;
const SHORTEST_IN_FILES = 16;
const IN_ITS_PLACE = '[secret]';

/** Takes the values of secrets out of texts. */
export type Redact = (text: string) => string;

/** Knows the secrets by the names of the variables that hold them. What is short or says where a secret is kept is none. */
export function redactor(environment: NodeJS.ProcessEnv, others: readonly string[] = []): Redact {
  const values = secretsIn(environment).map(([, value]) => value);
  // Longer ones first: one secret may begin with another.
  const secrets = [...new Set([...others, ...values])].filter(Boolean).sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, IN_ITS_PLACE), text);
}

/** As `secretsIn`, without what is short enough to stand in a file for reasons of its own. */
export const longSecretsIn = (environment: NodeJS.ProcessEnv): [name: string, value: string][] =>
  secretsIn(environment).filter(([, value]) => value.trim().length >= SHORTEST_IN_FILES);

/** The variables that hold a secret, with what they hold. */
export function secretsIn(environment: NodeJS.ProcessEnv): [name: string, value: string][] {
  return Object.entries(environment).filter((entry): entry is [string, string] => {
    const [name, value = ''] = entry;
    return SECRET_NAME.test(name) && value.trim().length >= SHORTEST && !/^[./~]/.test(value);
  });
}
