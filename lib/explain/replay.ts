import { ABSTAIN, type Column, packColumns, unpackBlocks, unpackColumns } from "../contracts/columns.ts";
import { hashOf, hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import type { Run } from "../contracts/objects.ts";
import { unpackPictures } from "../contracts/pictures.ts";
import { AlchemistError } from "../errors.ts";
import { seenRows } from "../label/seen-rows.ts";
import type { ObjectStore, ProgramRunner } from "../ports.ts";
import { partOf, publishedShard } from "../publish/published-shard.ts";
import { programSetHash } from "../synthesize/program-set.ts";
import { programHash } from "../synthesize/screen.ts";
import { type LabeledFile, placeOf, type StoredShard, storedShard } from "./labeled-file.ts";

/** What a replay did; it ends at the first difference. */
export interface Replay {
  rows: number;
  votes: number;
  /** Votes that no replay can give again: their program was stopped while it labeled the shard. */
  stopped: number;
  /** Parts whose every byte was made again. */
  parts: number;
}

/** What is stored is not what the labels were made from, or the labels are not what was made. */
export class ReplayDiffersError extends AlchemistError {
  readonly code = "replay-differs";

  constructor(what: string) {
    super(`The replay differs: ${what}`);
  }
}

/**
 * Runs the stored programs once more on stored rows, makes the parts that hold them again from the votes, and compares
 * both with what is stored, byte for byte.
 *
 * @param rows numbers from 1
 * @throws ReplayDiffersError saying what differs
 */
export async function replay(
  { store, runner }: { store: ObjectStore; runner: ProgramRunner },
  file: LabeledFile,
  rows: readonly number[],
): Promise<Replay> {
  await assertSettings(store, file);
  const done: Replay = { rows: 0, votes: 0, stopped: 0, parts: 0 };
  const byShard = Map.groupBy(
    rows.map((row) => placeOf(file, row)),
    ({ shard }) => shard,
  );
  for (const [at, places] of [...byShard].sort(([one], [other]) => one - other)) {
    const stored = await storedShard(store, file, at);
    const indices = places.map(({ index }) => index).sort((one, other) => one - other);
    const { columns, stopped } = await votedAgain({ store, runner }, file, stored, indices);
    await assertPart(store, file, stored, columns);
    done.rows += indices.length;
    done.votes += indices.length * columns.length - stopped;
    done.stopped += stopped;
    done.parts += 1;
  }
  return done;
}

/** The run, its programs and their set are what their addresses say. */
async function assertSettings(store: ObjectStore, { task, hash, run, set }: LabeledFile): Promise<void> {
  if (hashOf(await store.get(keys.run(task, hash))) !== hash) {
    throw new ReplayDiffersError(`${keys.run(task, hash)} is not the run that its name says.`);
  }
  for (const { id, language, source, hash: address } of set.programs) {
    if (programHash(source, run.classes, language) !== address) {
      throw new ReplayDiffersError(
        `the stored program ${id} is not the one that voted (${address}), or this version runs it otherwise.`,
      );
    }
  }
  if (programSetHash(set) !== run.set || set.hash !== run.set) {
    throw new ReplayDiffersError(`${keys.programSet(task, run.set)} is not the set that its name says.`);
  }
}

/** The shard's votes with those of some rows cast anew. */
async function votedAgain(
  { store, runner }: { store: ObjectStore; runner: ProgramRunner },
  { task, run, source, set }: LabeledFile,
  { index, block, votes, shard }: StoredShard,
  indices: readonly number[],
): Promise<{ columns: Int8Array[]; stopped: number }> {
  const [visible] = unpackBlocks(block);
  const { hash: address } = source.shards[index];
  if (addressOf(visible, run) !== address) {
    throw new ReplayDiffersError(
      `what programs see of the rows #${shard.before + 1} to #${shard.before + votes.rows} was changed since they voted.`,
    );
  }
  const seen = await seenRows(store, task, run, { shard: index, hash: address });
  // On a picture that cannot be read programs never vote.
  const rows = indices.filter((row) => seen.placeOf(row) !== undefined);
  const places = rows.flatMap((row) => seen.placeOf(row) ?? []);
  const again = await runner.run({
    classes: run.classes,
    programs: set.programs,
    columns: packColumns(
      unpackColumns(seen.columns).columns.map((column) => picked(column, places)),
      rows.length,
    ),
  });
  const columns = votes.columns.map((column) => Int8Array.from(column));
  let stopped = 0;
  for (const [program, { id, hash }] of set.programs.entries()) {
    const { hash: voter, faults } = votes.programs[program];
    if (voter !== hash) {
      throw new ReplayDiffersError(`the stored votes are of another program than ${id} (${hash}).`);
    }
    for (const [position, row] of rows.entries()) {
      const [before, now] = [columns[program][row], again[program].votes[position]];
      if (before === now) continue;
      if (before === ABSTAIN && faults.timeout + faults.killed > 0) {
        stopped += 1;
        continue;
      }
      const named = (vote: number) => JSON.stringify(run.classes[vote] ?? null);
      throw new ReplayDiffersError(
        `row #${shard.before + row + 1}: the stored vote of ${id} is ${named(before)}, and it votes ${named(now)}.`,
      );
    }
  }
  return { columns, stopped };
}

/** What a shard is addressed by: what programs see of it, or its pictures and how they are looked at. */
const addressOf = (visible: Uint8Array, { features }: Run) =>
  features === undefined
    ? hashOf(visible)
    : hashOfJson([features, unpackPictures(visible).map(({ hash }) => hash)]);

function picked(column: Column, indices: readonly number[]): Column {
  return column.kind === "number"
    ? { ...column, values: Float64Array.from(indices, (row) => column.values[row]) }
    : { ...column, values: indices.map((row) => column.values[row]) };
}

/** The part in the outbox is what rows, votes and label model make. */
async function assertPart(
  store: ObjectStore,
  file: LabeledFile,
  { index, block }: StoredShard,
  columns: readonly Int8Array[],
): Promise<void> {
  const { task, run } = file;
  const key = keys.part(task, run.name, index, run.outputFormat);
  const made = partOf(await publishedShard(file, { index, block, columns }), run);
  const stored = await store.get(key);
  if (Buffer.compare(made, stored) === 0) return;
  let at = 0;
  while (at < made.length && made[at] === stored[at]) at += 1;
  const line = Buffer.from(made.subarray(0, at)).toString("latin1").split("\n").length;
  throw new ReplayDiffersError(
    `${key} is not what the stored rows, votes and label model make, from byte ${at}${run.outputFormat === "parquet" ? "" : `, line ${line},`} on.`,
  );
}

/** `most` rows by chance, the same each time for the same run; all where there are no more. Numbers from 1. */
export function sampleRows({ hash, source }: LabeledFile, most: number): number[] {
  if (most >= source.rows) return Array.from({ length: source.rows }, (_, index) => index + 1);
  const rows = new Set<number>();
  for (let draw = 0; rows.size < most; draw++) {
    rows.add(1 + (Number.parseInt(hashOf(`${hash} ${draw}`).slice(0, 12), 16) % source.rows));
  }
  return [...rows].sort((one, other) => one - other);
}
