import { z } from "zod";
import { DamagedObjectError } from "../errors.ts";
import { packBlocks, unpackBlocks } from "./columns.ts";
import { Hash } from "./names.ts";
import { jsonBytes, parsed } from "./objects.ts";

/** Rows on which a program abstained without saying so, by reason. */
export const Faults = z.strictObject({
  error: z.int(),
  badReturn: z.int(),
  timeout: z.int(),
  killed: z.int(),
  compile: z.int(),
});

/** For each reason that a program failed for, where it first did. */
const firstOf = <S extends z.ZodType>(place: S) =>
  z.strictObject({ error: place, badReturn: place, timeout: place, killed: place, compile: place }).partial();

/** The votes of a program set over a shard: a header and one Int8 column a program. */
export const VotesHeader = z.strictObject({
  rows: z.int(),
  programs: z.array(
    z.strictObject({
      hash: Hash,
      faults: Faults,
      first: firstOf(z.int()),
      /** Not run here, for it was stopped on other rows of the run: another run may ask it. */
      unasked: z.literal(true).optional(),
    }),
  ),
});
export type VotesHeader = z.infer<typeof VotesHeader>;

export interface Votes extends VotesHeader {
  /** [programs] of [rows]. */
  columns: Int8Array[];
}

export const packVotes = ({ rows, programs, columns }: Votes): Uint8Array =>
  packBlocks([
    jsonBytes({ rows, programs }),
    ...columns.map((column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)),
  ]);

/** The inverse of `packVotes`. @throws DamagedObjectError */
export function unpackVotes(block: Uint8Array): Votes {
  const [header, ...columns] = unpackBlocks(block);
  const { rows, programs } = parsed(VotesHeader, header, "A votes object");
  if (columns.length !== programs.length || columns.some((column) => column.length !== rows)) {
    throw new DamagedObjectError("A votes object");
  }
  return {
    rows,
    programs,
    columns: columns.map((column) => new Int8Array(column.buffer, column.byteOffset, column.length)),
  };
}

/** What labeling one shard took; sums over shards make the receipt. */
export const LabelStatistics = z.strictObject({
  rows: z.int(),
  covered: z.int(),
  computed: z.int(),
  reused: z.int(),
  /** Wall-clock seconds of the stage. */
  seconds: z.number(),
  /** By program, in the set's order. */
  programs: z.array(
    z.strictObject({
      faults: Faults,
      first: firstOf(z.strictObject({ shard: z.int(), row: z.int() })),
      cpuMs: z.number(),
    }),
  ),
});
export type LabelStatistics = z.infer<typeof LabelStatistics>;
