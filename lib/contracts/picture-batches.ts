import { hashOfJson } from "./hash.ts";
import type { Hash } from "./names.ts";
import type { PictureReference } from "./pictures.ts";

/** Pictures that a model is given at once, at most. */
const MOST_PICTURES = 32;

/**
 * Whether a batch of pictures ends with this one, by its content alone: one in sixteen. So a picture that is added to an
 * archive, or taken out, changes its own batch, and every other finds its embeddings.
 */
export const endsBatch = (hash: Hash): boolean => hash.endsWith("0");

/** Pictures that are embedded and stored together. */
export interface EmbeddingBatch {
  /** Of the pictures, in order. */
  hash: Hash;
  /** Of its first picture within the shard. */
  first: number;
  references: PictureReference[];
}

/** The batches of a shard, in order. */
export function embeddingBatches(references: readonly PictureReference[]): EmbeddingBatch[] {
  const batches: EmbeddingBatch[] = [];
  let batch: PictureReference[] = [];
  let first = 0;
  const close = () => {
    if (batch.length === 0) return;
    batches.push({ hash: hashOfJson(batch.map(({ hash }) => hash)), first, references: batch });
    first += batch.length;
    batch = [];
  };
  for (const reference of references) {
    batch.push(reference);
    if (batch.length === MOST_PICTURES || endsBatch(reference.hash)) close();
  }
  close();
  return batches;
}
