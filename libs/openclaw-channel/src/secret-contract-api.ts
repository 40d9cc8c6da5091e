import { createSimpleChannelSecretContract } from 'openclaw/plugin-sdk/channel-secret-basic-runtime';
import { CHANNEL } from './channel.js';

/**
 * Which settings are secrets, so that OpenClaw puts in their place what they refer to. It looks for this file by its name before it
 * loads the plugin; what a plugin says of its secrets itself it does not heed.
 */
export const { secretTargetRegistryEntries, collectRuntimeConfigAssignments } = createSimpleChannelSecretContract({
  channelKey: CHANNEL,
  label: 'ClawTank',
  accountFields: ['token'],
  channelFields: ['token'],
  mode: 'account-inheritance',
});
