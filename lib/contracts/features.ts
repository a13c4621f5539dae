import { z } from "zod";
import { DamagedObjectError } from "../errors.ts";
import { packBlocks, unpackBlocks } from "./columns.ts";
import { jsonBytes, parsed } from "./objects.ts";

/** A picture that could not be decoded, and why. */
const Unreadable = z.strictObject({ index: z.int().min(0), reason: z.string(), message: z.string() });
export type Unreadable = z.infer<typeof Unreadable>;

const model = { name: z.string(), kind: z.string() };

const EmbeddingsHeader = z.strictObject({
  model: z.strictObject(model),
  size: z.int().min(1),
  rows: z.int().min(0),
  unreadable: z.array(Unreadable),
});

/** Embeddings of some pictures or texts; those of pictures that cannot be read are zero. */
export interface Embeddings extends z.infer<typeof EmbeddingsHeader> {
  /** [rows × size], each of unit length; where programs see pixels, levels 0 … 255. */
  values: Float32Array;
  /** Of pictures: [rows] small JPEG files for people, empty where a picture cannot be read. */
  thumbnails?: readonly Uint8Array[];
}

export const packEmbeddings = ({ values, thumbnails = [], ...header }: Embeddings): Uint8Array =>
  packBlocks([
    jsonBytes(header),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    ...thumbnails,
  ]);

/** The inverse of `packEmbeddings`. @throws DamagedObjectError */
export function unpackEmbeddings(block: Uint8Array): Embeddings {
  const [head, bytes, ...thumbnails] = unpackBlocks(block);
  const header = parsed(EmbeddingsHeader, head, "An object of embeddings");
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  if (values.length !== header.rows * header.size) throw new DamagedObjectError("An object of embeddings");
  return { ...header, values, ...(thumbnails.length > 0 && { thumbnails }) };
}

const ScoresHeader = z.strictObject({
  /** What every row of it was made by. */
  model: z.strictObject(model),
  /** Pictures of the shard. */
  rows: z.int().min(0),
  unreadable: z.array(Unreadable),
});

/** What programs see of a shard of pictures: a row a picture that could be read. */
export interface Scores extends z.infer<typeof ScoresHeader> {
  /** A block made by `packColumns`, of the readable pictures in order. */
  columns: Uint8Array;
}

export const packScores = ({ columns, ...header }: Scores): Uint8Array =>
  packBlocks([jsonBytes(header), columns]);

/** The inverse of `packScores`. @throws DamagedObjectError */
export function unpackScores(block: Uint8Array): Scores {
  const [head, columns] = unpackBlocks(block);
  return { ...parsed(ScoresHeader, head, "An object of scores"), columns };
}
