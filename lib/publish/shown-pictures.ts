import { unpackBlocks, unpackColumns } from "../contracts/columns.ts";
import { unpackEmbeddings, unpackScores } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import { type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Source } from "../contracts/objects.ts";
import { embeddingBatches } from "../contracts/picture-batches.ts";
import { unpackPictures } from "../contracts/pictures.ts";
import type { ObjectStore } from "../ports.ts";

/** What the report shows of a picture. */
export interface ShownPicture {
  name: string;
  /** A JPEG file; undefined where the picture was looked at before thumbnails were kept, or cannot be read. */
  thumbnail?: Uint8Array;
  /** By concept, its descriptions with their scores, the highest first; undefined where the picture cannot be read, or programs see no scores. */
  scores?: [concept: string, descriptions: [description: string, score: number][]][];
}

/** Bytes of a thumbnail that a page takes. */
const MOST_BYTES = 8_000;

type Scores = Record<string, Record<string, number>>;

/**
 * The pictures of rows, by their number from 1, as `features` saw and scored them. It asks for two objects a shard and one a
 * batch of pictures that holds some of the rows.
 */
export async function shownPictures(
  store: Pick<ObjectStore, "get" | "find">,
  task: TaskName,
  { address, shards, model }: { address: Hash; shards: Source["shards"]; model: Hash },
  rows: readonly number[],
): Promise<Map<number, ShownPicture>> {
  const shown = new Map<number, ShownPicture>();
  let before = 0;
  for (const [index, { hash, rows: length }] of shards.entries()) {
    const wanted = rows.map((row) => row - 1 - before).filter((row) => row >= 0 && row < length);
    if (wanted.length > 0) {
      const key = keys.shard(task, address, ShardIndex.parse(index));
      const [block] = unpackBlocks(await store.get(key));
      const pictures = unpackPictures(block);
      const scoresAt = scoresOf(await store.get(keys.scores(task, hash)));
      for (const batch of embeddingBatches(pictures)) {
        const ofBatch = wanted.filter(
          (row) => row >= batch.first && row < batch.first + batch.references.length,
        );
        if (ofBatch.length === 0) continue;
        const embedded = await store.find(keys.pictureEmbeddings(task, model, batch.hash));
        const thumbnails = embedded && unpackEmbeddings(embedded).thumbnails;
        for (const row of ofBatch) {
          const thumbnail = thumbnails?.[row - batch.first];
          const isShown = thumbnail && thumbnail.length > 0 && thumbnail.length <= MOST_BYTES;
          const scores = scoresAt(row);
          shown.set(before + row + 1, {
            name: pictures[row].name,
            ...(isShown && { thumbnail }),
            ...(scores && { scores }),
          });
        }
      }
    }
    before += length;
  }
  return shown;
}

/** The scores of a shard's pictures by their place in it. */
function scoresOf(bytes: Uint8Array): (row: number) => ShownPicture["scores"] {
  const { columns, unreadable } = unpackScores(bytes);
  const seen = unpackColumns(columns).columns.find(({ name }) => name === "scores");
  if (seen === undefined) return () => undefined;
  const unseen = new Set(unreadable.map(({ index }) => index));
  return (row) => {
    if (unseen.has(row)) return undefined;
    const place = row - unreadable.filter(({ index }) => index < row).length;
    const scores = JSON.parse(String(seen.values[place])) as Scores;
    return Object.entries(scores).map(([concept, descriptions]) => [
      concept,
      Object.entries(descriptions).sort(([, one], [, other]) => other - one),
    ]);
  };
}
