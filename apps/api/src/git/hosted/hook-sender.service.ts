import { Injectable } from '@nestjs/common';
import { sign } from '@octokit/webhooks-methods';
import { DataSource } from 'typeorm';
import { OwnAddress } from '../../platform/own-address.js';
import { RepositoryConnections } from '../connections/repository-connections.service.js';

const PATIENCE_MS = 10_000;

interface DeliveryRow {
  id: string;
  room_id: string;
  event: string;
  payload: object;
}

/** Sends what the built-in host owes, signed, through the same public endpoint as any provider's deliveries. */
@Injectable()
export class HookSender {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: RepositoryConnections,
    private readonly ownAddress: OwnAddress,
  ) {}

  /** Throws if the delivery was not accepted, so that it is tried again. One that was sent before is left alone. */
  async send(deliveryId: string): Promise<void> {
    const [delivery] = await this.dataSource.query<DeliveryRow[]>(
      `SELECT id, room_id, event, payload FROM hook_deliveries WHERE id = $1 AND delivered_at IS NULL`,
      [deliveryId],
    );
    const connection = delivery && (await this.connections.ofRoom(delivery.room_id));
    if (!delivery || connection?.provider !== 'clawtank') {
      return; // while a room works on another provider's repository, what is owed waits for its return
    }
    await this.post(delivery, connection.hookId, this.connections.secretOf(connection));
    await this.dataSource.query(
      `UPDATE hook_deliveries SET delivered_at = now(), attempts = attempts + 1 WHERE id = $1`,
      [deliveryId],
    );
  }

  private async post({ id, event, payload }: DeliveryRow, hookId: string, secret: string): Promise<void> {
    const body = JSON.stringify(payload);
    const response = await fetch(`${this.ownAddress.url}/api/webhooks/git/${hookId}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-clawtank-event': event,
        'x-clawtank-delivery': id,
        'x-hub-signature-256': await sign(secret, body),
      },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) {
      throw new Error(`Delivery ${id} was answered with ${response.status}`);
    }
  }
}
