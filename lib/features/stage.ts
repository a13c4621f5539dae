import { packColumns } from "../contracts/columns.ts";
import { packScores, type Scores, type Unreadable, unpackScores } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import { type FeaturesShards, type LabelShards, SHARDS_A_MESSAGE } from "../contracts/messages.ts";
import type { RunFeatures } from "../contracts/model-card.ts";
import { ShardIndex, type TaskName } from "../contracts/names.ts";
import type { ListedPicture } from "../contracts/pictures.ts";
import { DamagedObjectError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { loadRun } from "../run-objects.ts";
import { wantedEdition } from "../wanted.ts";
import { type Look, looksOf } from "./look.ts";
import { pictureEmbeddings } from "./picture-embeddings.ts";
import { loadShard, rejectedLines } from "./picture-shard.ts";

export type FeaturesPorts = Pick<Ports, "store" | "images" | "pixels" | "report">;

/**
 * features: a batch of shards of pictures → their scores, pixels or both, which programs see; then `label`.
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

  const looks = await looksOf(task, run.features, ports);
  if (looks === undefined) return;
  const shardScores = scorer(task, run.features, looks, ports);
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

/** Makes of a shard's pictures what programs see of them: a row a picture that every look could read. */
function scorer(
  task: TaskName,
  { model: { name, kind } }: RunFeatures,
  looks: readonly Look[],
  ports: FeaturesPorts,
) {
  return async (pictures: readonly ListedPicture[]): Promise<Scores> => {
    const unreadable = new Map<number, Unreadable>();
    const seen: { columnOf: Awaited<ReturnType<Look["column"]>>; rows: Float32Array[] }[] = [];
    for (const [at, look] of looks.entries()) {
      const columnOf = await look.column();
      const rows: Float32Array[] = [];
      // A picture is told of once, by whichever look is first.
      const { store, report } = at === 0 ? ports : { ...ports, report: () => undefined };
      const of = { task, model: look.card };
      for await (const batch of pictureEmbeddings(of, pictures, { store, report }, look.open)) {
        for (const one of batch.unreadable) {
          const index = batch.first + one.index;
          if (!unreadable.has(index)) unreadable.set(index, { ...one, index });
        }
        for (let row = 0; row < batch.rows; row++) {
          rows.push(batch.values.subarray(row * batch.size, (row + 1) * batch.size));
        }
      }
      seen.push({ columnOf, rows });
    }
    const columns = seen.map(({ columnOf, rows }) =>
      columnOf(rows.filter((_, index) => !unreadable.has(index))),
    );
    return {
      model: { name, kind },
      rows: pictures.length,
      unreadable: [...unreadable.values()].sort((one, other) => one.index - other.index),
      columns: packColumns(columns, pictures.length - unreadable.size),
    };
  };
}
