import type { RoomInfo } from '@clawtank/contracts';

type Change = { readonly from: unknown; readonly to: unknown };

/** What is different between a room before and after, field by field, settings each on their own: for the audit log. */
export function changesBetween(before: RoomInfo, after: RoomInfo): Record<string, Change> {
  const [old, now] = [flat(before), flat(after)];
  return Object.fromEntries(
    Object.keys(now)
      .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
      .map((field) => [field, { from: old[field], to: now[field] }]),
  );
}

const flat = ({ settings, ...room }: RoomInfo): Record<string, unknown> => ({
  ...room,
  ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`settings.${name}`, value])),
});
