import { Id } from './primitives.js';

describe('Id', () => {
  it('is the same however it was written', () => {
    const id = '0f0e1d2c-3b4a-4596-8778-69d0a1b2c3d4';
    expect(Id.parse(id.toUpperCase())).toBe(id);
    expect(Id.safeParse(`${id} `).success).toBe(false);
  });
});
