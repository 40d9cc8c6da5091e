/** What OpenClaw knows the channel by. */
export const CHANNEL = 'clawtank';
/** The account that there is if the settings name none. */
export const ONLY_ACCOUNT = 'default';
