export { Foundation1763700000000 } from './1763700000000-foundation.js';
