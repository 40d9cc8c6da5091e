import type { PublicEvent } from '@clawtank/contracts';

type EventOf<Type extends PublicEvent['type']> = Extract<PublicEvent, { readonly type: Type }>;
type Correction = EventOf<'chat.edited' | 'chat.deleted'>;

/** Something public that happened, as it stands by now. */
export type StandingEvent =
  | Exclude<PublicEvent, Correction | EventOf<'chat.public'>>
  | (EventOf<'chat.public'> & { readonly isEdited?: boolean });

/**
 * What stands after more has happened: an edited message says the new in its old place, a deleted one is gone. Neither the
 * old words nor the corrections are kept.
 */
export function withPublicEvents(standing: readonly StandingEvent[], news: readonly PublicEvent[]): StandingEvent[] {
  let events = [...standing];
  for (const event of news) {
    if (event.type === 'chat.edited') {
      events = events.map((earlier) =>
        earlier.event_id === event.target_event_id && earlier.type === 'chat.public'
          ? { ...earlier, content: event.content, isEdited: true }
          : earlier,
      );
    } else if (event.type === 'chat.deleted') {
      events = events.filter((earlier) => earlier.event_id !== event.target_event_id);
    } else {
      events.push(event);
    }
  }
  return events;
}
