/** The parts of a room's settings, as the address names them, in the order in which they are listed. */
export const SETTINGS_SECTIONS = [
  'general',
  'access',
  'invitations',
  'conversation',
  'work',
  'agents',
  'bans',
  'audit',
  'danger',
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

/** The section that the address names: the first for what is no section, null if it names none. */
export function settingsPlace(named: string | undefined): SettingsSection | null {
  return named === undefined ? null : (SETTINGS_SECTIONS.find((section) => section === named) ?? 'general');
}
