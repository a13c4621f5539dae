import { atMost } from "../at-most.ts";
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
/** Batches at once: one that the model looks at, and those that are decoded. A batch may be one picture, and the next many. */
const BATCHES_AT_ONCE = 3;

/** A picture as the model takes it, and as people see it. */
interface Decoded {
  pixels: Uint8Array;
  thumbnail: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * Embeddings of a shard's pictures, a batch at a time: those that are stored, and those that are made and stored now. While
 * the model looks at one batch, the next are read and decoded.
 */
export async function* pictureEmbeddings(
  { task, model: card }: { task: TaskName; model: ModelCard },
  references: readonly PictureReference[],
  { store, report }: Pick<Ports, "store" | "report">,
  open: () => Promise<PictureModel>,
): AsyncGenerator<Embeddings & { first: number }> {
  const read = pictureReader(store);
  const limited = atMost(DECODED_AT_ONCE);
  const foundOrMade = async (
    batch: EmbeddingBatch,
  ): Promise<{ embeddings: Embeddings; isStored: boolean }> => {
    const key = keys.pictureEmbeddings(task, card.hash, batch.hash);
    const stored = await store.find(key);
    if (stored) return { embeddings: unpackEmbeddings(stored), isStored: true };
    const model = await open();
    const pictures = await inParallel(batch.references, DECODED_AT_ONCE, (reference) =>
      limited(async () => decoded(await read(reference), model)),
    );
    const embeddings = await embedded(pictures, card, model);
    await store.put(key, packEmbeddings(embeddings));
    return { embeddings, isStored: false };
  };

  const underWay: ReturnType<typeof foundOrMade>[] = [];
  const batches = embeddingBatches(references);
  let next = 0;
  for (const { first } of batches) {
    while (underWay.length < BATCHES_AT_ONCE && next < batches.length) {
      const made = foundOrMade(batches[next++]);
      // Who fails here is not waited for by anybody until its turn.
      made.catch(() => undefined);
      underWay.push(made);
    }
    const { embeddings, isStored } = await (underWay.shift() as ReturnType<typeof foundOrMade>);
    const { rows, unreadable } = embeddings;
    report({
      stage: "features",
      model: `${card.name} (${card.kind})`,
      rows,
      embedded: isStored ? 0 : rows - unreadable.length,
      found: isStored ? rows - unreadable.length : 0,
      unreadable: unreadable.length,
    });
    yield { ...embeddings, first };
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
