import { packColumns } from "../contracts/columns.ts";
import { Concepts } from "../contracts/concepts.ts";
import { packScores, type Scores, type Unreadable, unpackScores } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import { type FeaturesShards, type LabelShards, SHARDS_A_MESSAGE } from "../contracts/messages.ts";
import type { RunFeatures } from "../contracts/model-card.ts";
import { type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import type { ListedPicture } from "../contracts/pictures.ts";
import { DamagedObjectError, InvalidInputError } from "../errors.ts";
import type { ImageTextModel, Ports } from "../ports.ts";
import { loadRun } from "../run-objects.ts";
import { wantedEdition } from "../wanted.ts";
import { conceptEmbeddings } from "./concept-embeddings.ts";
import { pictureEmbeddings } from "./picture-embeddings.ts";
import { loadShard, rejectedLines } from "./picture-shard.ts";
import { descriptionsOf, scoresColumn, scoresOf } from "./scores.ts";

export type FeaturesPorts = Pick<Ports, "store" | "images" | "report">;

/**
 * features: a batch of shards of pictures → their scores, which programs see; then `label`.
 *
 * Embeddings are stored a batch of pictures at a time, by what the pictures and the model are: whoever comes again finds
 * them, and another list of concepts needs no picture looked at again.
 */
export async function* scorePictures(
  message: FeaturesShards,
  ports: FeaturesPorts,
): AsyncGenerator<LabelShards> {
  const { store } = ports;
  const { task, batch, hashes } = message;
  const run = await loadRun(store, task, message.run);
  if ((await wantedEdition(store, task, run.name, message.run)) === undefined) return;
  if (run.features === undefined) throw new DamagedObjectError(keys.run(task, message.run));

  const concepts = parsed(Concepts, await store.get(keys.concepts(task)), keys.concepts(task));
  // Others took their place, and `synthesize` has their run started.
  if (concepts.hash !== run.features.concepts) return;
  const shardScores = scorer(task, run.features, concepts, ports);
  for (const [index, hash] of hashes.entries()) {
    const shard = ShardIndex.parse(batch * SHARDS_A_MESSAGE + index);
    const found = await store.find(keys.scores(task, hash));
    const pictures = await loadShard(store, task, run.source, shard);
    const scores = found ? unpackScores(found) : await shardScores(pictures);
    if (!found) await store.put(keys.scores(task, hash), packScores(scores));
    // Each data file lists its own, also where another's shard had the same pictures.
    if (scores.unreadable.length > 0) {
      await store.put(keys.unreadable(task, run.source, shard), rejectedLines(scores.unreadable, pictures));
    }
  }
  yield { ...message, stage: "label" };
}

/** Scores a shard's pictures; the model is opened when one of them has to be looked at. */
function scorer(task: TaskName, { model }: RunFeatures, { concepts, hash }: Concepts, ports: FeaturesPorts) {
  const open = () => openModel(model.name, model.hash, ports);
  let texts: Promise<Float32Array> | undefined;
  const card = { name: model.name, kind: model.kind };
  return async (pictures: readonly ListedPicture[]): Promise<Scores> => {
    texts ??= conceptEmbeddings(task, { model, concepts: hash }, descriptionsOf(concepts), ports.store, open);
    const ofTexts = await texts;
    const rows: Float64Array[] = [];
    const unreadable: Unreadable[] = [];
    for await (const batch of pictureEmbeddings({ task, model }, pictures, ports, open)) {
      unreadable.push(...batch.unreadable.map((one) => ({ ...one, index: batch.first + one.index })));
      const unseen = new Set(batch.unreadable.map(({ index }) => index));
      for (let row = 0; row < batch.rows; row++) {
        if (unseen.has(row)) continue;
        const picture = batch.values.subarray(row * batch.size, (row + 1) * batch.size);
        rows.push(scoresOf(picture, ofTexts, concepts, model.logitScale));
      }
    }
    const columns = packColumns([scoresColumn(concepts, rows)], rows.length);
    return { model: card, rows: pictures.length, unreadable, columns };
  };
}

/** The run's model. @throws InvalidInputError where it is another than when the run began */
async function openModel(name: string, hash: Hash, { images }: FeaturesPorts): Promise<ImageTextModel> {
  if (images === undefined) throw new InvalidInputError("features.model", "there is no model here.");
  const model = await images.open(name);
  if (model.card.hash === hash) return model;
  throw new InvalidInputError(
    "features.model",
    `the files of ${name} are others than when the run began. Run again, or put them back.`,
  );
}
