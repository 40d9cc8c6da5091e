import * as z from 'zod';
import { ENVIRONMENT } from '../../apps/api/src/platform/config/settings.js';

/** `docs/configuration.md`: every setting, from the schema that reads them. */
export function configurationPage(): string {
  const { properties = {} } = z.toJSONSchema(ENVIRONMENT, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { description?: string; default?: string | number | boolean; enum?: string[] }>;
  };
  const rows = Object.entries(properties).map(([name, { description = '', default: fallback, enum: choices }]) => {
    const values = choices ? ` One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.` : '';
    return `| \`${name}\` | ${fallback === undefined || fallback === '' ? '' : `\`${String(fallback)}\``} | ${(description + values).replaceAll('|', '\\|')} |`;
  });
  return [
    '# Configuration',
    'Made from `apps/api/src/platform/config/settings.ts` by `npm run docs:generate`; do not edit.',
    'All settings are environment variables, read once at the start. If any is wrong the process lists every problem and ends with status 78.',
    ['| variable | default | what it is for |', '| --- | --- | --- |', ...rows].join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}
