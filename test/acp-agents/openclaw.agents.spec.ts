import { Gateway } from '../openclaw/gateway.js';
import { describeJourney } from './journey.js';

describeJourney({
  preset: 'openclaw',
  package: 'openclaw',
  version: '2026.9.6',
  title: /OpenClaw ACP Gateway 2026\.9\.6 speaks ACP 1/,
  async begin(model) {
    const gateway = await Gateway.set({ modelUrl: model.url, channel: null, tools: { exec: { mode: 'ask' } } });
    await gateway.start();
    const { OPENCLAW_STATE_DIR, OPENCLAW_CONFIG_PATH } = gateway.environment;
    return { environment: { OPENCLAW_STATE_DIR, OPENCLAW_CONFIG_PATH }, stop: () => gateway.remove() };
  },
  settle: () => ({}),
  tools: {
    plan: () => null,
    write: (path, content) => ({ call: 'write', with: { path, content } }),
    run: (command) => ({ call: 'exec', with: { command } }),
  },
  asks: ['execute'],
});
