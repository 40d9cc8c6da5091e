import { Module } from '@nestjs/common';
import { RoomsModule } from '../rooms/index.js';
import { AttachmentStore } from './attachments/attachment.store.js';
import { AttachmentsController } from './attachments/attachments.controller.js';
import { FilesController } from './attachments/files.controller.js';
import { ImageEncoder } from './attachments/image-encoder.js';
import { SweepAttachments } from './attachments/sweep-attachments.jobs.js';
import { UploadService } from './attachments/upload.service.js';
import { ChangedMessages } from './changed-messages.js';
import { ChatController } from './chat.controller.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatListener } from './chat.listener.js';
import { ChatService } from './chat.service.js';
import { EarlierMessage } from './earlier-message.js';
import { ExportController } from './export/export.controller.js';
import { RoomExport } from './export/room-export.js';
import { MentionStore } from './mention.store.js';
import { MessageDeletion } from './message-deletion.js';
import { MessageEditor } from './message-editor.js';
import { MessageLane } from './message-lane.js';
import { MessageReader } from './message.reader.js';
import { MessageWriter } from './message-writer.js';
import { Pins } from './pins.js';
import { FetchPreview } from './previews/fetch-preview.jobs.js';
import { PageFetcher } from './previews/page-fetcher.js';
import { PreviewStore } from './previews/preview.store.js';
import { PublicInternet } from './previews/public-internet.js';
import { Promotion } from './promotion.js';
import { Reactions } from './reactions.js';
import { MessageSearch } from './search/message-search.js';
import { SearchController } from './search/search.controller.js';

@Module({
  imports: [RoomsModule],
  controllers: [AttachmentsController, ChatController, ExportController, FilesController, SearchController],
  providers: [
    AttachmentStore,
    ChangedMessages,
    ChatGateway,
    ChatListener,
    ChatService,
    EarlierMessage,
    FetchPreview,
    ImageEncoder,
    MentionStore,
    MessageDeletion,
    MessageEditor,
    MessageLane,
    MessageReader,
    MessageSearch,
    MessageWriter,
    PageFetcher,
    Pins,
    PreviewStore,
    Promotion,
    PublicInternet,
    Reactions,
    RoomExport,
    SweepAttachments,
    UploadService,
  ],
})
export class ChatModule {}
