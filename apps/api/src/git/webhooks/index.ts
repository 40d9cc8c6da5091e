import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { WebhookInbox } from './webhook-inbox.service.js';
import { WebhookProcessor } from './webhook-processor.service.js';
import { WebhooksController } from './webhooks.controller.js';

export const WEBHOOK_ENTITIES = [WebhookDeliveryEntity];
export const WEBHOOK_CONTROLLERS = [WebhooksController];
export const WEBHOOK_PROVIDERS = [WebhookInbox, WebhookProcessor];
