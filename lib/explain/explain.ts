import { hashOf } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import { loadTrained } from "../end-model/load-end-model.ts";
import type { ObjectStore } from "../ports.ts";
import { rowAt } from "../tables/row-at.ts";
import { cellOf, cellText } from "../tables/write-part.ts";
import { idOf } from "./find-row.ts";
import { type LabeledFile, placeOf, storedShard } from "./labeled-file.ts";

/** Why a row has its label. */
export interface Explanation {
  file: string;
  /** Number of the row among those that were labeled, from 1. */
  row: number;
  id: string | null;
  run: string;
  labelModel: { name: string; hash: string };
  label: string | null;
  /** Whose label it is; null where there is none. */
  by: "programs" | "programs and end model" | "end model" | "language model" | null;
  confidence: number | null;
  probabilities: Readonly<Record<string, number>>;
  /** `accuracy` and `weight` are over the whole run; a vote is null where the program abstained. */
  programs: { id: string; hash: string; vote: string | null; accuracy: number | null; weight: number }[];
  /** What programs see of the row. */
  cells: Record<string, string>;
}

/** Explains the label of the row of a number from 1, from the objects that made it. */
export async function explainRow(store: ObjectStore, file: LabeledFile, row: number): Promise<Explanation> {
  const { task, hash, run, set, fitted, source } = file;
  const place = placeOf(file, row);
  const { shard } = await storedShard(store, file, place.shard);
  const {
    label,
    confidence,
    probabilities,
    votes,
    source: labelSource,
  } = shard.distinct[shard.which[place.index]];
  const values = rowAt(shard.rows, shard.header, place.index);
  return {
    file: run.file,
    row,
    id: idOf(shard, place.index),
    run: hash,
    labelModel: { name: run.labelModel, hash: hashOf(await store.get(keys.labelModel(task, hash))) },
    label,
    by: label === null ? null : await labelerOf(store, file, labelSource),
    confidence,
    probabilities,
    programs: set.programs.map((program, index) => ({
      id: program.id,
      hash: program.hash,
      vote: votes[program.id],
      accuracy: fitted.programs[index].accuracy,
      weight: fitted.programs[index].weight,
    })),
    cells: Object.fromEntries(
      source.visible.map(({ source: column, name }) => [name, cellText(cellOf(values, column) ?? "")]),
    ),
  };
}

/** Whose word a label is, of which the published row says less: with an end model, programs have not had the only say. */
async function labelerOf(
  store: ObjectStore,
  { task, hash, run }: LabeledFile,
  source: string,
): Promise<NonNullable<Explanation["by"]>> {
  if (source === "model") return "language model";
  if (source === "endModel") return "end model";
  const trained = await loadTrained(store, task, hash, run);
  const isPooled = trained?.isTrained && (trained.choice?.labeler ?? "both") === "both";
  return isPooled ? "programs and end model" : "programs";
}
