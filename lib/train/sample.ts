import type { Hash } from "../contracts/names.ts";
import type { Source } from "../contracts/objects.ts";
import { mixedBits } from "../end-model/features.ts";
import { MOST_ROWS, mostEntries } from "../end-model/train-linear.ts";

/** Shards that are read at most, whatever the size of the run: 128 requests, some 250 MB. */
const MOST_SHARDS = 64;
/** The same of pictures, of which a shard has few and takes some twenty requests: 5,000 of them, some 400 MB. */
const MOST_SHARDS_OF_PICTURES = 256;
/** Features that a character of text makes, about: a word and a pair for every five, of which some come again. */
const FEATURES_A_CHARACTER = 0.33;
const HELD_OUT = 0.2;

const SHARE = 2 ** 30;
const SALTS = { taken: 0, heldOut: 0x9e3779b9, half: 0x3c6ef372 } as const;

/** Which rows of a run an end model learns from: the same in whatever order anything comes. */
export interface Sample {
  shards: { index: number; hash: Hash }[];
  takes: (shard: Hash, row: number) => boolean;
  isHeldOut: (shard: Hash, row: number) => boolean;
}

/**
 * A sample of a run's rows by their hash: of shards those with the least addresses, which their content decides, and of
 * their rows about as many as training holds.
 *
 * @param coverage share of rows that can be learned from
 * @param embeddingSize where rows are pictures: numbers of one
 */
export function sampleOf(
  { shards, characters, rows }: Pick<Source, "shards" | "characters" | "rows">,
  classes: number,
  coverage: number,
  embeddingSize?: number,
): Sample {
  const chosen = shards
    .map(({ hash, rows: inShard }, index) => ({ hash, index, rows: inShard }))
    .sort((one, other) => (one.hash < other.hash ? -1 : one.hash > other.hash ? 1 : one.index - other.index))
    .slice(0, embeddingSize === undefined ? MOST_SHARDS : MOST_SHARDS_OF_PICTURES);
  const featuresARow = embeddingSize ?? Math.max(1, (FEATURES_A_CHARACTER * characters) / Math.max(1, rows));
  const wanted = Math.min(MOST_ROWS, mostEntries(classes, embeddingSize !== undefined) / featuresARow);
  const found = coverage * chosen.reduce((sum, shard) => sum + shard.rows, 0);
  const share = found > wanted ? wanted / found : 1;
  return {
    shards: chosen,
    takes: (shard, row) => isDrawn(shard, row, "taken", share),
    isHeldOut: (shard, row) => isDrawn(shard, row, "heldOut", HELD_OUT),
  };
}

/** Whether a row is among a share of all, by its place alone; each purpose draws others. */
export const isDrawn = (shard: Hash, row: number, purpose: keyof typeof SALTS, share: number): boolean =>
  mixedBits(
    mixedBits(Number.parseInt(shard.slice(0, 8), 16) ^ SALTS[purpose], 31) ^ Math.imul(row + 1, 0x9e3779b1),
    30,
  ) <
  share * SHARE;
