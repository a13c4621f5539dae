import { unpackEmbeddings } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import type { ModelCard } from "../contracts/model-card.ts";
import type { TaskName } from "../contracts/names.ts";
import { embeddingBatches } from "../contracts/picture-batches.ts";
import { unpackPictures } from "../contracts/pictures.ts";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../ports.ts";

/** Batches of embeddings that are fetched at once; a shard has some seventeen. */
const READ_AT_ONCE = 16;

/**
 * Embeddings of a shard's pictures, as `features` stored them: no picture is looked at again. Undefined of one that cannot be read.
 *
 * @param block as `packPictures` makes it
 * @throws ObjectNotFoundError where embeddings were taken away
 */
export async function pictureVectors(
  store: Pick<ObjectStore, "get">,
  task: TaskName,
  { hash: model }: Pick<ModelCard, "hash">,
  block: Uint8Array,
): Promise<(Float32Array | undefined)[]> {
  const batches = embeddingBatches(unpackPictures(block));
  const vectors = await inParallel(batches, READ_AT_ONCE, async ({ hash }) => {
    const key = keys.pictureEmbeddings(task, model, hash);
    const { rows, size, values, unreadable } = unpackEmbeddings(await store.get(key));
    const unseen = new Set(unreadable.map(({ index }) => index));
    return Array.from({ length: rows }, (_, row) =>
      unseen.has(row) ? undefined : values.subarray(row * size, (row + 1) * size),
    );
  });
  return vectors.flat();
}
