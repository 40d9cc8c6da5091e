import { readFileSync } from 'node:fs';
import { TOOLS } from '../../apps/api/src/mcp/tools/index.js';
import type { AnyTool } from '../../apps/api/src/mcp/tools/tool.js';
import { Shapes } from './shapes.js';

const TOOL_SECTION = /(?<=\n## Tools\n\n<!-- [^\n]+ -->\n).*?(?=<!-- \/tools -->)/s;

const effectOf = ({ annotations }: AnyTool): string =>
  annotations.readOnlyHint
    ? 'Reads.'
    : annotations.destructiveHint
      ? 'Changes something for good.'
      : 'Changes something.';

function describeTools(): string {
  const shapes = new Shapes();
  const described = TOOLS.map((tool) =>
    [
      `### \`${tool.name}\``,
      `${tool.description} _${effectOf(tool)}_`,
      `\`\`\`\n${shapes.describe(tool.input, 'input')}\n\`\`\``,
    ].join('\n\n'),
  );
  return `\n${described.join('\n\n')}\n\n`;
}

/** `docs/mcp.md`: what people wrote there, with what each tool says of itself. */
export function mcpPage(): string {
  const page = readFileSync('docs/mcp.md', 'utf8');
  if (!TOOL_SECTION.test(page)) {
    throw new Error('docs/mcp.md has no place for its tools');
  }
  return page.replace(TOOL_SECTION, describeTools);
}
