export { applyRoomEvent } from './apply-room-event.js';
export { badgeAfter, badgeAfterReading, type Reader } from './badge-after.js';
export { deletedMessage } from './deleted-message.js';
export { messageAsEvent } from './message-as-event.js';
export { USUAL_MESSAGE } from './usual-message.js';
export { withChatEvent } from './with-chat-event.js';
