import { z } from "zod";
import { ABSTAIN } from "../contracts/columns.ts";
import type { Addition } from "../tables/additions.ts";
import { rowAt } from "../tables/row-at.ts";
import { cellOf, cellText } from "../tables/write-part.ts";
import type { PublishedShard } from "./published-shard.ts";

/** Rows of each kind that are kept, in all classes together, and without a vote. */
const KEPT = 12;
const KEPT_UNLABELED = 4;
/** Characters of a row that are kept, shared by its columns, and columns. */
const EXCERPT = 600;
const COLUMNS = 12;

/** A row that a person should look at, with the beginning of what programs see of it. */
export const NotableRow = z.strictObject({
  /** Why: the two most probable classes are close; programs contradict the label; no program voted. */
  kind: z.enum(["unsure", "contested", "unlabeled"]),
  /** The label, ABSTAIN where there is none. */
  label: z.int(),
  /** The lower, the more it deserves a look. */
  rank: z.number(),
  /** Number of the row among those that were labeled, from 1. */
  row: z.int(),
  id: z.string().nullable(),
  cells: z.array(z.tuple([z.string(), z.string()])),
  /** [programs], ABSTAIN or a class. */
  votes: z.array(z.int()),
  /** Whose label it is, where it is not the votes': the end model's, or a model's. */
  source: z.enum(["endModel", "model"]).optional(),
});
export type NotableRow = z.infer<typeof NotableRow>;

/**
 * The rows of a shard that deserve a look: of each pattern of votes the first row, by class the few whose posterior is
 * least sure and the few whose votes contradict it most. Their number is bounded, so their bytes are.
 */
export function notableRows(shard: PublishedShard): NotableRow[] {
  const { distinct, which, programs, classes } = shard;
  const firstRow = new Map<number, number>();
  const silent: number[] = [];
  for (let row = 0; row < which.length; row++) {
    const isSilent = distinct[which[row]].label === null;
    if (isSilent && silent.length < KEPT_UNLABELED) silent.push(row);
    if (!isSilent && !firstRow.has(which[row])) firstRow.set(which[row], row);
  }
  const numbers = new Map(classes.map((name, index) => [name, index]));
  const numberOf = (name: string | null) => (name === null ? ABSTAIN : (numbers.get(name) ?? ABSTAIN));
  const found: (Omit<NotableRow, "id" | "cells"> & { index: number })[] = [];
  for (const [pattern, index] of firstRow) {
    const { label, probabilities, votes, source } = distinct[pattern];
    const row = {
      ...sourceOf(source),
      label: numberOf(label),
      row: shard.before + index + 1,
      index,
      votes: programs.map((id) => numberOf(votes[id])),
    };
    found.push({ kind: "unsure", rank: marginOf(probabilities), ...row });
    const dissent = dissentOf(row.votes, row.label);
    if (dissent > 0) found.push({ kind: "contested", rank: -dissent, ...row });
  }
  for (const index of silent) {
    const votes = programs.map(() => ABSTAIN);
    found.push({ kind: "unlabeled", label: ABSTAIN, rank: 0, row: shard.before + index + 1, index, votes });
  }
  return mostNotable(found, classes.length).map(({ index, ...row }) => ({
    ...row,
    ...excerptOf(shard, index),
  }));
}

const sourceOf = (source: string): Pick<NotableRow, "source"> =>
  source === "endModel" || source === "model" ? { source } : {};

/** How far the most probable class is ahead of the next. */
function marginOf(probabilities: Addition["probabilities"]): number {
  const [first, second = 0] = Object.values(probabilities).sort((one, other) => other - one);
  return Math.round(1e6 * (first - second)) / 1e6;
}

/** Share of the votes that are not for the label. */
function dissentOf(votes: readonly number[], label: number): number {
  const cast = votes.filter((vote) => vote !== ABSTAIN);
  return Math.round((1e6 * cast.filter((vote) => vote !== label).length) / cast.length) / 1e6;
}

/**
 * The most notable of these rows, by kind and class; of equal votes the first row stands for all. Whatever is taken away
 * here would be taken away later: parts can be reduced first, in any grouping.
 */
export function mostNotable<R extends Omit<NotableRow, "id" | "cells">>(
  rows: readonly R[],
  classes: number,
): R[] {
  const groups = Map.groupBy(
    rows.toSorted((one, other) => one.rank - other.rank || one.row - other.row),
    ({ kind, label }) => `${kind} ${label}`,
  );
  return [...groups.keys()].sort().flatMap((group) => {
    const ofGroup = groups.get(group) ?? [];
    if (ofGroup[0].kind === "unlabeled") return ofGroup.slice(0, KEPT_UNLABELED);
    const byVotes = new Map<string, R>();
    for (const row of ofGroup) {
      const votes = row.votes.join();
      if (!byVotes.has(votes)) byVotes.set(votes, row);
    }
    return [...byVotes.values()].slice(0, Math.max(1, Math.floor(KEPT / classes)));
  });
}

function excerptOf({ rows, header, visible, id }: PublishedShard, index: number) {
  const row = rowAt(rows, header, index);
  const most = Math.floor(EXCERPT / Math.min(visible.length, COLUMNS));
  const textOf = (column: string) => {
    const value = cellOf(row, column);
    return value === undefined || value === null ? "" : cellText(value);
  };
  const cells = visible.slice(0, COLUMNS).map(({ source, name }): [string, string] => {
    const text = textOf(source);
    return [name, text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text];
  });
  return { id: id === null ? null : textOf(id).slice(0, 200).toWellFormed(), cells };
}
