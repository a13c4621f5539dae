import { z } from "zod";
import { Hash } from "./names.ts";
import { jsonBytes, parsed } from "./objects.ts";

/** Where a picture's bytes lie: an object, or a range of one. */
export const PictureReference = z.strictObject({
  /** Of the picture's bytes: what its embedding is addressed by. */
  hash: Hash,
  key: z.string(),
  /** Of the object that holds it, where that is one for many pictures. */
  version: z.string().optional(),
  start: z.int().min(0),
  /** Bytes from there. */
  length: z.int().min(0),
  /** Bytes of the picture, where those in the object are deflated. */
  inflated: z.int().min(0).optional(),
});
export type PictureReference = z.infer<typeof PictureReference>;

/** A picture of a data file: where it stands there and what it is called, for people. */
export const ListedPicture = PictureReference.extend({ line: z.int(), name: z.string() });
export type ListedPicture = z.infer<typeof ListedPicture>;

/** A picture may be this large, in bytes, packed or not. */
export const MOST_PICTURE_BYTES = 128 * 1024 * 1024;

const Pictures = z.array(ListedPicture);

/** A shard's pictures, in place of the columns of other tasks. */
export const packPictures = (pictures: readonly ListedPicture[]): Uint8Array => jsonBytes(pictures);

/** The inverse of `packPictures`. @throws DamagedObjectError */
export const unpackPictures = (block: Uint8Array): ListedPicture[] =>
  parsed(Pictures, block, "A shard of pictures");
