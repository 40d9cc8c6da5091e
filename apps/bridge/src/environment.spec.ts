import { describe, expect, it } from '@jest/globals';
import { environmentWithoutSecrets } from './environment.js';

describe('what the agent sees of the environment', () => {
  it('is everything but what is ClawTank’s and what holds the token', () => {
    const environment = {
      PATH: '/bin',
      ANTHROPIC_API_KEY: 'its own',
      CLAWTANK_TOKEN: 'cta_x',
      clawtank_data: '/there',
      HEADER: 'Bearer cta_x',
    };
    expect(environmentWithoutSecrets(environment, 'cta_x')).toEqual({ PATH: '/bin', ANTHROPIC_API_KEY: 'its own' });
  });

  it('is not everything when there is no token', () => {
    expect(environmentWithoutSecrets({ PATH: '/bin', CLAWTANK_X: '1' }, '')).toEqual({ PATH: '/bin' });
  });
});
