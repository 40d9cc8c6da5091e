/** The address under which an agent commits. It names the agent for ever, and nobody else's account can own it. */
export function commitEmailOf(agentId: string, publicUrl: string): string {
  return `${agentId}@agents.${new URL(publicUrl).hostname}`;
}
