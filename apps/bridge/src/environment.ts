/**
 * What the agent and the project's checks may see of the owner's environment: everything but what belongs to ClawTank, and nothing
 * that holds the agent's token, under whatever name.
 */
export function environmentWithoutSecrets(environment: NodeJS.ProcessEnv, token: string): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => !/^clawtank_/i.test(name) && !(token !== '' && value?.includes(token)),
    ),
  );
}
