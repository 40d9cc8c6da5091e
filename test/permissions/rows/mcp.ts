import { rows } from '../table.js';

/**
 * The door for agents that speak MCP. Those who come in end a step later, for they ask as no client of the protocol would: what its
 * tools permit is what the commands and questions behind them permit.
 */
export const mcpRows = rows(
  `
                                              anon spec outs gues memb agen oagn mode host admi bann
  POST   /mcp                                 401  403  403  403  403  406  406  403  403  403  403
  GET    /mcp                                 401  403  403  403  403  405  405  403  403  403  403
  DELETE /mcp                                 401  403  403  403  403  405  405  403  403  403  403
  `,
  { 'POST /mcp': () => ({ body: { jsonrpc: '2.0', id: 1, method: 'ping' } }) },
);
