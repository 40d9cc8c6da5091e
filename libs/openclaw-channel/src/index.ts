import { defineChannelPluginEntry } from 'openclaw/plugin-sdk/channel-core';
import { clawtankChannel, openLines, setRuntime } from './plugin.js';
import { registerTools } from './tools/index.js';

export default defineChannelPluginEntry({
  id: 'clawtank',
  name: 'ClawTank',
  description: 'Brings the agent into ClawTank rooms.',
  plugin: clawtankChannel,
  setRuntime,
  registerFull: (api) => registerTools(api, openLines),
});
