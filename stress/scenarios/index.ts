import type { Group } from '../scenario.js';
import { deletion } from './deletion.js';
import { draining } from './draining.js';
import { following } from './following.js';
import { handshakes, hostileFrames } from './hostile.js';
import { kills } from './kills.js';
import { law } from './law.js';
import { COMMANDS_PER_MINUTE, limits, SIGN_IN_ATTEMPTS } from './limits.js';
import { order } from './order.js';
import { origins } from './origins.js';
import { out } from './out.js';
import { presence } from './presence.js';
import { redisTroubles } from './redis.js';
import { repeats } from './repeats.js';
import { seats } from './seats.js';
import { slow, slowSpectators } from './slow.js';
import { spectators } from './spectators.js';

/**
 * Groups of one lane run one after the other; the lanes run beside each other. What takes long and does little, such as waiting
 * for Redis, shares its time with what works hard; what measures time comes when the machine is quiet.
 */
export const LANES: readonly (readonly Group[])[] = [
  [{ name: 'redis', redis: 'own', atOnce: 1, scenarios: redisTroubles }],
  [{ name: 'presence', redis: 'shared', atOnce: 1, scenarios: presence }],
  [
    {
      name: 'shared',
      redis: 'shared',
      atOnce: 4,
      scenarios: [
        ...handshakes,
        ...following,
        ...order,
        ...repeats,
        ...law,
        ...spectators,
        ...slowSpectators,
        ...deletion,
        ...hostileFrames,
        ...origins,
      ],
    },
    {
      name: 'limits',
      redis: 'shared',
      env: { COMMANDS_PER_MINUTE: String(COMMANDS_PER_MINUTE), SIGN_IN_ATTEMPTS: String(SIGN_IN_ATTEMPTS) },
      atOnce: 4,
      scenarios: limits,
    },
    { name: 'measured', redis: 'shared', atOnce: 1, scenarios: [...seats, ...out, ...slow] },
    { name: 'draining', redis: 'shared', atOnce: 1, scenarios: draining },
  ],
  [{ name: 'kills', redis: 'shared', atOnce: 1, scenarios: kills }],
];
