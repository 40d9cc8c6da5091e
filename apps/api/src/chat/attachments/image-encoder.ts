import { Injectable } from '@nestjs/common';
import sharp from 'sharp';
import { Refusal } from '../../platform/errors/refusal.js';
import { type ImageFormat, isDecodable } from '../domain/image-format.js';

export interface EncodedImage {
  readonly content: Buffer;
  readonly mediaType: string;
  /** How names of such files end. */
  readonly ending: string;
  readonly width: number;
  readonly height: number;
}

/** What each format is stored as. Animated ones become WebP, which plays them in a fraction of the bytes. */
const STORED_AS = {
  png: { format: 'png', mediaType: 'image/png', ending: 'png' },
  jpeg: { format: 'jpeg', mediaType: 'image/jpeg', ending: 'jpg' },
  webp: { format: 'webp', mediaType: 'image/webp', ending: 'webp' },
  gif: { format: 'webp', mediaType: 'image/webp', ending: 'webp' },
} as const;

/** Wider or taller than any screen shows. */
const MAX_SIDE = 4096;
const SECONDS = 15;
const AT_ONCE = 2;

// Each decoding uses one thread: two images at once leave the rest to files and name look-ups.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Draws images anew. What is stored is the picture and nothing else: no place where it was taken, no other file that hides in
 * it, no trick against the decoder of a reader’s browser.
 */
@Injectable()
export class ImageEncoder {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  async encode(bytes: Buffer, format: ImageFormat): Promise<EncodedImage> {
    await this.takeTurn();
    try {
      return await draw(bytes, format);
    } catch (error) {
      if (error instanceof Refusal) {
        throw error;
      }
      throw new Refusal('unsupported_media', 'This image cannot be read; it may be damaged');
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  private async takeTurn(): Promise<void> {
    while (this.running >= AT_ONCE) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
  }
}

async function draw(bytes: Buffer, format: ImageFormat): Promise<EncodedImage> {
  const image = sharp(bytes, { animated: format === 'gif' || format === 'webp', failOn: 'error' });
  const { format: found, width, height, pageHeight = height, pages = 1 } = await image.metadata();
  if (found !== format || !isDecodable(width, pageHeight, pages)) {
    throw new Refusal('unsupported_media', 'This image has more pixels than can be taken');
  }
  const stored = STORED_AS[format];
  // Orientation is an entry of the metadata, which are left behind: the picture itself is turned.
  const upright = pages === 1 ? image.autoOrient() : image;
  const { data, info } = await upright
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
    .toFormat(stored.format)
    .timeout({ seconds: SECONDS })
    .toBuffer({ resolveWithObject: true });
  return {
    content: data,
    mediaType: stored.mediaType,
    ending: stored.ending,
    width: info.width,
    height: info.pageHeight ?? info.height,
  };
}
