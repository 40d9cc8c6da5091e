import type { Attachment } from '@clawtank/contracts';

/** An attachment as the database keeps it, without its bytes. */
export type StoredAttachment = Omit<Attachment, 'url'> & { readonly secret: string };

/** Where the bytes are served: whoever has been told this address may read them, without a cookie or a token. */
export const addressOf = ({ id, secret, name }: Pick<StoredAttachment, 'id' | 'secret' | 'name'>): string =>
  `/files/${id}/${secret}/${encodeURIComponent(name)}`;

/** An attachment as its readers see it. */
export function presentAttachment({ secret, ...attachment }: StoredAttachment): Attachment {
  return { ...attachment, url: addressOf({ ...attachment, secret }) };
}
