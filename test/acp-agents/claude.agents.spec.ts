import { describeJourney } from './journey.js';

describeJourney({
  preset: 'claude',
  package: '@agentclientprotocol/claude-agent-acp',
  version: '0.100.0',
  title: /Claude Agent 0\.100\.0 speaks ACP 1/,
  settle: (_, model) => ({
    ANTHROPIC_BASE_URL: model.origin,
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_MODEL: 'scripted-1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    IS_SANDBOX: '1',
  }),
  tools: {
    plan: (steps) => ({
      call: 'TodoWrite',
      with: {
        todos: steps.map((content, index) => ({
          ...{ content, activeForm: content },
          status: index === 0 ? 'in_progress' : 'pending',
        })),
      },
    }),
    write: (path, content) => ({ call: 'Write', with: { file_path: path, content } }),
    run: (command) => ({ call: 'Bash', with: { command, description: 'Runs a program' } }),
  },
  asks: ['edit', 'execute'],
});
