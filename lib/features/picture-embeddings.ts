import { type Embeddings, packEmbeddings, type Unreadable, unpackEmbeddings } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import type { ModelCard } from "../contracts/model-card.ts";
import type { TaskName } from "../contracts/names.ts";
import { type EmbeddingBatch, embeddingBatches } from "../contracts/picture-batches.ts";
import type { PictureReference } from "../contracts/pictures.ts";
import { UnreadablePictureError } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import { pictureReader } from "../pictures/picture-bytes.ts";
import type { PictureModel, Ports } from "../ports.ts";

/** Pictures that are read and decoded at once: some are on their way from the store while others are decoded. */
const DECODED_AT_ONCE = 8;

/** A picture as the model takes it, and as people see it. */
interface Decoded {
  pixels: Uint8Array;
  thumbnail: Uint8Array;
}

type Ready = { batch: EmbeddingBatch } & (
  | { stored: Embeddings }
  | { pictures: (Decoded | UnreadablePictureError)[] }
);

const NOTHING = new Uint8Array(0);

/**
 * Embeddings of a shard's pictures, a batch at a time: those that are stored, and those that are made and stored now. While
 * the model looks at one batch, the next is read and decoded.
 */
export async function* pictureEmbeddings(
  { task, model: card }: { task: TaskName; model: ModelCard },
  references: readonly PictureReference[],
  { store, report }: Pick<Ports, "store" | "report">,
  open: () => Promise<PictureModel>,
): AsyncGenerator<Embeddings & { first: number }> {
  const read = pictureReader(store);
  const keyOf = ({ hash }: EmbeddingBatch) => keys.pictureEmbeddings(task, card.hash, hash);
  const prepare = async (batch: EmbeddingBatch): Promise<Ready> => {
    const stored = await store.find(keyOf(batch));
    if (stored) return { batch, stored: unpackEmbeddings(stored) };
    const model = await open();
    const pictures = await inParallel(batch.references, DECODED_AT_ONCE, async (reference) =>
      decoded(await read(reference), model),
    );
    return { batch, pictures };
  };

  let next: Promise<Ready> | undefined;
  const batches = embeddingBatches(references);
  for (const [index, batch] of batches.entries()) {
    const ready = await (next ?? prepare(batch));
    next = batches[index + 1] && prepare(batches[index + 1]);
    // Who fails here is not waited for by anybody until the next turn.
    next?.catch(() => undefined);
    const isStored = "stored" in ready;
    const embeddings = isStored ? ready.stored : await embedded(ready.pictures, card, await open());
    if (!isStored) await store.put(keyOf(batch), packEmbeddings(embeddings));
    const { rows, unreadable } = embeddings;
    report({
      stage: "features",
      model: `${card.name} (${card.kind})`,
      rows,
      embedded: isStored ? 0 : rows - unreadable.length,
      found: isStored ? rows - unreadable.length : 0,
      unreadable: unreadable.length,
    });
    yield { ...embeddings, first: batch.first };
  }
}

async function decoded(picture: Uint8Array, model: PictureModel): Promise<Decoded | UnreadablePictureError> {
  try {
    const pixels = await model.decode(picture);
    return { pixels, thumbnail: await model.thumbnail(pixels) };
  } catch (error) {
    if (error instanceof UnreadablePictureError) return error;
    throw error;
  }
}

async function embedded(
  pictures: readonly (Decoded | UnreadablePictureError)[],
  { name, kind, embeddingSize: size }: ModelCard,
  model: PictureModel,
): Promise<Embeddings> {
  const readable: { index: number; pixels: Uint8Array }[] = [];
  const unreadable: Unreadable[] = [];
  for (const [index, picture] of pictures.entries()) {
    if ("pixels" in picture) readable.push({ index, pixels: picture.pixels });
    else unreadable.push({ index, reason: picture.reason, message: picture.message });
  }
  const values = new Float32Array(pictures.length * size);
  if (readable.length > 0) {
    const found = await model.embedPictures(readable.map(({ pixels }) => pixels));
    for (const [at, { index }] of readable.entries()) {
      values.set(found.subarray(at * size, (at + 1) * size), index * size);
    }
  }
  const thumbnails = pictures.map((picture) => ("pixels" in picture ? picture.thumbnail : NOTHING));
  return { model: { name, kind }, size, rows: pictures.length, unreadable, values, thumbnails };
}
