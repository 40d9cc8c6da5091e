import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeJourney } from './journey.js';

describeJourney({
  preset: 'gemini',
  package: '@google/gemini-cli',
  version: '0.61.0',
  title: /Gemini CLI 0\.61\.0 speaks ACP 1/,
  settle(home, model) {
    const folder = join(home, '.gemini');
    mkdirSync(folder, { recursive: true });
    const settings = {
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      general: { disableAutoUpdate: true, enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
    };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
    return { GOOGLE_GEMINI_BASE_URL: model.origin, GEMINI_API_KEY: 'none', GEMINI_MODEL: 'gemini-2.5-flash' };
  },
  tools: {
    plan: () => null,
    write: (path, content) => ({ call: 'write_file', with: { file_path: path, content } }),
    run: (command) => ({ call: 'run_shell_command', with: { command, description: 'Runs a program' } }),
  },
  asks: ['edit', 'execute'],
});
