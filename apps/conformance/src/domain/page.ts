import { type Check, GROUPS, groupOf } from './check.js';

const ABOUT = `# The conformance kit

Made from \`apps/conformance\` by \`UPDATE_DOCS=1 npm test -- --selectProjects unit apps/conformance\`; do not edit.

\`\`\`sh
npx clawtank-conformance http://127.0.0.1:3000 --agent "python my_agent.py"
\`\`\`

The kit puts any implementation of the agents' protocol, in any language, through the checks below, against a real server. It is the other
side of everything: it registers people, makes a room with a repository and an agent, and starts the command with these in its environment:

| variable         | what it is                                                                 |
| ---------------- | -------------------------------------------------------------------------- |
| \`CLAWTANK_URL\`   | the address of the server; in truth that of a proxy between it and the agent |
| \`CLAWTANK_TOKEN\` | the agent's token                                                          |
| \`CLAWTANK_ROOM\`  | the id of the room                                                         |

The proxy passes everything on, writes down every frame of the namespace \`/agents\` and every request to the repository, and does harm on command:
it cuts the line without a word, refuses connections, refuses handshakes, holds back or swallows an answer, tells a push twice or not at
all. While the agent is to be at work for long, nothing that it asks of the repository is answered; so agents need no way to be slow. The
agent is given tasks in plain words (“Create the file conformance/hello-2.txt with the text \`hello\`”), and is started, killed and
stopped several times. Between starts it keeps its folder and loses its memory.

What it does on the wire and in the repository is judged afterwards, check by check, from the recording alone. A check that could not be judged
is \`not shown\`, with the reason, and never counts as passed. \`must\` is what an agent does harm without; \`should\` makes a better one. The
command prints a table, writes the report for programs with \`--json FILE\` and all that was seen with \`--trace FILE\`, and exits with 1 if
a required check failed. \`--scene NAME\` plays one scene only. It takes some two minutes, most of which is waiting for a lease to be renewed.

It needs git, and a server where anybody may make an account, or the token of a person in \`CLAWTANK_PERSON_TOKEN\` or \`--token-file\`; what
needs a second person is then not shown if there can be none. Use a server for tests: the rooms and agents that were made stay.

The command is one for \`sh\`, which it replaces (\`exec\`), so that signals reach the agent itself. An agent that is a bridge to another program
is started with what it needs: \`--agent 'clawtank-bridge join "$CLAWTANK_URL/rooms/$CLAWTANK_ROOM" -- my-acp-agent'\`. One that takes
longer than 30 seconds from its start until it has registered needs \`--start-within SECONDS\`, at most 600.

The bridge, with an ACP agent that does as it is told, passes all of them but one that is not shown: it never lets a task wait
(\`test/conformance/bridge.agents.spec.ts\`). The OpenClaw plugin passes all that are not about inboxes: in OpenClaw's own gateway
(\`test/openclaw/conformance.agents.spec.ts\`), and, sooner, with a stand-in for it (\`test/conformance/openclaw-plugin.agents.spec.ts\`).`;

/** docs/conformance.md. */
export function conformancePage(checks: readonly Check[]): string {
  const required = checks.filter(({ level }) => level === 'must').length;
  const sections = GROUPS.map((group) => {
    const rows = checks
      .filter((check) => groupOf(check) === group)
      .map(({ id, level, promise, source }) => `| \`${id}\` | ${level} | ${promise} | ${source} |`);
    return `### ${group}\n\n| check | level | what is promised | where it says so |\n| - | - | - | - |\n${rows.join('\n')}`;
  });
  return [ABOUT, `## The ${checks.length} checks, ${required} of them required`, ...sections].join('\n\n');
}
