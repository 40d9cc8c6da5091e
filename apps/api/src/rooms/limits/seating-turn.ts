import type { EntityManager } from 'typeorm';

/**
 * Who seats an agent tells its room what it is held to, and who changes what it is held to tells the rooms it has a seat in. One
 * waits for the other by the agent's row, so that no room is told of limits that were replaced meanwhile. To be taken after rooms.
 */
export async function beginSeating(manager: EntityManager, agentId: string): Promise<void> {
  await manager.query(`SELECT FROM agents WHERE id = $1 FOR SHARE`, [agentId]);
}

/** Waits until every seat that the agent is given is taken, and keeps others waiting until the transaction ends. */
export async function awaitSeating(manager: EntityManager, agentId: string): Promise<void> {
  await manager.query(`SELECT FROM agents WHERE id = $1 FOR NO KEY UPDATE`, [agentId]);
}
