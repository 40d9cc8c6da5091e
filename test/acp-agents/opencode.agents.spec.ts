import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeJourney } from './journey.js';

describeJourney({
  preset: 'opencode',
  package: 'opencode-ai',
  version: '1.18.33',
  title: /OpenCode 1\.18\.33 speaks ACP 1/,
  settle(home, model) {
    const folder = join(home, '.config', 'opencode');
    mkdirSync(folder, { recursive: true });
    const options = { baseURL: model.url, apiKey: 'none' };
    const settings = {
      model: 'scripted/scripted-1',
      autoupdate: false,
      provider: {
        scripted: { npm: '@ai-sdk/openai-compatible', options, models: { 'scripted-1': { name: 'Scripted' } } },
      },
    };
    writeFileSync(join(folder, 'opencode.json'), JSON.stringify(settings));
    return { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' };
  },
  tools: {
    plan: (steps) => ({
      call: 'todowrite',
      with: {
        todos: steps.map((content, index) => ({
          ...{ id: String(index), content, priority: 'medium' },
          status: index === 0 ? 'in_progress' : 'pending',
        })),
      },
    }),
    write: (filePath, content) => ({ call: 'write', with: { filePath, content } }),
    run: (command) => ({ call: 'bash', with: { command, description: 'Runs a program' } }),
  },
  asks: ['edit', 'execute'],
});
