export { Foundation1763700000000 } from './1763700000000-foundation.js';
export { RoomsAndChat1763800000000 } from './1763800000000-rooms-and-chat.js';
export { MessageLane1763900000000 } from './1763900000000-message-lane.js';
export { LeanLog1764000000000 } from './1764000000000-lean-log.js';
