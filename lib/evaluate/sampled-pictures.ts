import { ShardIndex } from "../contracts/names.ts";
import { UnreadablePictureError } from "../errors.ts";
import { loadShard } from "../features/picture-shard.ts";
import { pictureReader } from "../pictures/picture-bytes.ts";
import type { PictureModel } from "../ports.ts";
import type { EvaluatedRun } from "./compare.ts";

/** Pictures of a run, evenly from its first to its last, decoded; those that cannot be are left out. */
export async function sampledPictures(
  { store, task, run, source }: EvaluatedRun,
  count: number,
  model: Pick<PictureModel, "decode">,
): Promise<Uint8Array[]> {
  const read = pictureReader(store);
  const most = Math.min(count, source.rows);
  const wanted = Array.from({ length: most }, (_, at) => Math.floor((at * source.rows) / most));
  const pictures: Uint8Array[] = [];
  let start = 0;
  for (const [index, { rows }] of source.shards.entries()) {
    const here = wanted.filter((row) => row >= start && row < start + rows);
    const listed = here.length === 0 ? [] : await loadShard(store, task, run.source, ShardIndex.parse(index));
    for (const row of here) {
      try {
        pictures.push(await model.decode(await read(listed[row - start])));
      } catch (error) {
        if (!(error instanceof UnreadablePictureError)) throw error;
      }
    }
    start += rows;
  }
  return pictures;
}
