export { applyRoomEvent } from './apply-room-event.js';
export { messageAsEvent } from './message-as-event.js';
