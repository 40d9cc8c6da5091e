import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeJourney } from './journey.js';

describeJourney({
  preset: 'codex',
  package: '@agentclientprotocol/codex-acp',
  version: '2.6.0',
  title: /Codex 2\.6\.0 speaks ACP 1/,
  settle(home, model) {
    const folder = join(home, '.codex');
    mkdirSync(folder, { recursive: true });
    const settings = `
      model = "gpt-5.5"
      model_provider = "scripted"
      check_for_update_on_startup = false
      [model_providers.scripted]
      name = "Scripted"
      base_url = "${model.url}"
      wire_api = "responses"
      env_key = "SCRIPTED_MODEL_KEY"
      [analytics]
      enabled = false
    `;
    writeFileSync(join(folder, 'config.toml'), settings);
    return { SCRIPTED_MODEL_KEY: 'none' };
  },
  tools: {
    plan: () => null,
    write: (path, text) => ({
      call: 'apply_patch',
      with: `*** Begin Patch\n*** Add File: ${path}\n+${text.trimEnd()}\n*** End Patch\n`,
    }),
    run: (cmd) => ({
      call: 'exec_command',
      with: { cmd, sandbox_permissions: 'require_escalated', justification: 'To copy it' },
    }),
  },
  asks: ['execute'],
});
