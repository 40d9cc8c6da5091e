import { defineSetupPluginEntry } from 'openclaw/plugin-sdk/channel-core';
import { clawtankChannel } from './plugin.js';

export default defineSetupPluginEntry(clawtankChannel);
