import { ABSTAIN } from "../contracts/columns.ts";
import type { Verdict } from "../contracts/verdict.ts";
import { countsOf } from "./by-lot.ts";
import type { Judged } from "./read-rows.ts";
import { wilson } from "./wilson.ts";

/** A sampled row with the label that it is compared with. */
export interface ComparedRow extends Pick<Judged, "votes" | "label" | "confidence"> {
  sample: number;
}

/** How far the programs agree with the sample's labels. */
export type Comparison = Pick<
  Verdict,
  "compared" | "agreement" | "agreementWhereLabeled" | "chance" | "routedShare" | "classes" | "programs"
>;

/** Compares the programs' labels and votes with the labels of a sample. */
export function compared(
  rows: readonly ComparedRow[],
  names: { programs: readonly string[]; classes: readonly string[] },
  margin: number,
): Comparison {
  const labeled = rows.filter(({ label }) => label !== ABSTAIN);
  const agreeing = rows.filter(({ label, sample }) => label === sample).length;
  const samples = Int8Array.from(rows, ({ sample }) => sample);
  const classes = names.classes.map((name, index) => ({
    name,
    sample: rows.filter(({ sample }) => sample === index).length,
    programs: rows.filter(({ label }) => label === index).length,
    both: rows.filter(({ label, sample }) => label === index && sample === index).length,
  }));
  return {
    compared: rows.length,
    agreement: rows.length > 0 ? wilson(agreeing, rows.length) : null,
    agreementWhereLabeled: labeled.length > 0 ? wilson(agreeing, labeled.length) : null,
    chance: rows.length > 0 ? chanceOf(classes, rows.length) : null,
    routedShare: rows.length > 0 ? routedShare(rows, margin) : null,
    classes,
    programs: names.programs.map((id, program) => {
      const votes = Int8Array.from(rows, (row) => row.votes[program]);
      return { id, ...countsOf(votes, samples, names.classes.length) };
    }),
  };
}

/** Agreement of two labelers who give classes as often as these and know nothing of the rows (Cohen 1960). */
const chanceOf = (classes: Comparison["classes"], rows: number): number =>
  classes.reduce((sum, { sample, programs }) => sum + (sample / rows) * (programs / rows), 0);

/**
 * The smallest share of rows, least certain first, that the sample's labeler would have to label so that at most
 * `margin` of all rows are labeled otherwise. Rows of one certainty go together: nothing tells them apart.
 */
function routedShare(rows: readonly ComparedRow[], margin: number): number {
  const allowed = margin * rows.length + 1e-9;
  const groups = [...Map.groupBy(rows, ({ confidence }) => confidence)].sort(([one], [other]) => one - other);
  let wrong = rows.filter(({ label, sample }) => label !== sample).length;
  let routed = 0;
  for (const [, group] of groups) {
    if (wrong <= allowed) break;
    routed += group.length;
    wrong -= group.filter(({ label, sample }) => label !== sample).length;
  }
  return routed / rows.length;
}
