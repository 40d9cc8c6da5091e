import type { SpectatorMessageView } from '@clawtank/contracts';

/** Messages with what was told of them since: of each the newest revision, in the order in which they were said. */
export function merged(
  known: readonly SpectatorMessageView[],
  told: readonly SpectatorMessageView[],
): readonly SpectatorMessageView[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of told) {
    const before = byId.get(message.id);
    if (!before || before.revision <= message.revision) {
      byId.set(message.id, message);
    }
  }
  return [...byId.values()].sort((one, other) => one.seq - other.seq);
}
