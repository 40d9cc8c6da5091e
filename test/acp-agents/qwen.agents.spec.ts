import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeJourney } from './journey.js';

describeJourney({
  preset: 'qwen',
  package: '@qwen-code/qwen-code',
  version: '0.24.4',
  title: /Qwen Code 0\.24\.4 speaks ACP 1/,
  settle(home, model) {
    const folder = join(home, '.qwen');
    mkdirSync(folder, { recursive: true });
    const settings = {
      security: { auth: { selectedType: 'openai' }, folderTrust: { enabled: false } },
      general: { disableAutoUpdate: true, enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
    };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
    return { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'none', OPENAI_MODEL: 'scripted-1' };
  },
  tools: {
    plan: () => null,
    write: (path, content) => ({ call: 'write_file', with: { file_path: path, content } }),
    run: (command) => ({
      call: 'run_shell_command',
      with: { command, description: 'Runs a program', is_background: false },
    }),
  },
  asks: ['edit', 'execute'],
});
