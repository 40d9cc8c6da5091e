import type { Task } from '@clawtank/contracts';
import type { Confirmation } from '../../shared/confirm/confirm-dialog';

/** What is asked before a task is called off. */
export const callOffWords = ({ number, lease }: Task): Confirmation => ({
  heading: `Call off task ${number}?`,
  text: lease
    ? `${lease.holder.name} stops working on it at once. What was pushed stays in its branch.`
    : 'Nobody will work on it. You can ask for it again at any time.',
  deed: 'Call it off',
  isDangerous: true,
});
