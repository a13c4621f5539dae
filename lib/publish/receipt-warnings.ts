import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms, whyDropped } from "../aggregate/dropped.ts";
import { LEAST_ROWS_TO_CHOOSE } from "../contracts/gold.ts";
import type { ProgramSet, Run, Source, Trained, Warning } from "../contracts/objects.ts";
import type { Drift } from "../contracts/receipt.ts";
import type { Verification } from "../contracts/verdict.ts";
import { driftWarnings } from "./drift.ts";
import { silentPrograms } from "./silent-programs.ts";

/** What a user should know of a run, in the order in which it came about. */
export const receiptWarnings = ({
  run,
  source,
  set,
  result,
  trained,
  drift,
  verified,
}: {
  run: Run;
  source: Source;
  set: ProgramSet;
  result: AggregateResult;
  trained: Trained | undefined;
  drift: Drift | undefined;
  verified: Verification;
}): Warning[] => [
  ...run.notes,
  ...driftWarnings(drift),
  ...rowWarnings(source),
  ...faultWarnings(set, result),
  ...silentWarnings(set, result),
  ...result.warnings,
  ...trainingWarnings(trained),
  ...choiceWarnings(run, trained),
  ...verified.verdict.warnings,
];

/** Who never votes, and counts nevertheless. */
function silentWarnings({ programs }: ProgramSet, result: AggregateResult): Warning[] {
  const dropped = droppedPrograms(result.statistics);
  const silent = programs.filter((_, index) => result.programs[index].coverage === 0 && !dropped[index]);
  return silentPrograms(silent, result.statistics.rows);
}

/** What the end model leaves to be desired, as far as that can be seen without gold. */
const trainingWarnings = (trained: Trained | undefined): Warning[] =>
  trained && !trained.isTrained
    ? [
        {
          code: "no-end-model",
          message: `No end model was trained: programs labeled only ${trained.rows} rows, or all of them alike.`,
          remedy: "Add programs that vote on more rows and on every class.",
        },
      ]
    : [];

/** What keeps gold from choosing. */
function choiceWarnings({ gold, file }: Run, trained: Trained | undefined): Warning[] {
  const { choice } = trained ?? {};
  if (!gold || !choice || choice.rows >= LEAST_ROWS_TO_CHOOSE) return [];
  return [
    {
      code: "gold-too-few",
      message: `${gold.file} has labels of ${choice.rows} rows of ${file} that programs vote on, and it takes ${LEAST_ROWS_TO_CHOOSE} to choose between label model and end model: both label together.`,
      remedy: "Label more rows, chosen by chance, or take choose out of gold.",
    },
  ];
}

function rowWarnings({ duplicateIds, missingIds, rejected, rows }: Source): Warning[] {
  const warnings: Warning[] = [];
  const refused = Object.values(rejected).reduce((count, problem) => count + problem.rows, 0);
  if (refused > 0) {
    warnings.push({
      code: "rejected-rows",
      message: `Rows that could not be used: ${refused} of ${rows + refused}.`,
      remedy: "They are listed with line and reason in rejected.jsonl; mend them and label the file again.",
    });
  }
  if (duplicateIds.rows > 0) {
    warnings.push({
      code: "duplicate-ids",
      message: `Rows that repeat an earlier id: ${duplicateIds.rows}, the first on line ${duplicateIds.lines[0]}.`,
      remedy: "Every row is labeled all the same; join labels by position, or make the ids unique.",
    });
  }
  if (missingIds.rows > 0) {
    warnings.push({
      code: "missing-ids",
      message: `Rows without an id: ${missingIds.rows}, the first on line ${missingIds.lines[0]}.`,
      remedy: "They are labeled all the same, and are known by their line.",
    });
  }
  return warnings;
}

function faultWarnings({ programs, rejected }: ProgramSet, { statistics }: AggregateResult): Warning[] {
  const warnings: Warning[] = rejected.map(({ id, reason, origin }) => ({
    code: "program-rejected",
    message: `The program ${id} did not join: ${reason}.`,
    remedy:
      origin.kind === "file"
        ? `Mend programs/${origin.file} and run again; docs/programs.md has a remedy for each reason.`
        : "Its source and reason are kept with the other programs.",
  }));
  programs.forEach(({ id }, index) => {
    const { faults } = statistics.programs[index];
    const why = whyDropped(statistics.programs[index], statistics.rows);
    if (why !== undefined) {
      warnings.push({
        code: "program-dropped",
        message: `None of the votes of the program ${id} counts: ${why}.`,
        remedy: "Read it, mend it, and put it into programs/, or ask for another.",
      });
      return;
    }
    const rows = Object.values(faults).reduce((count, found) => count + found, 0);
    if (rows <= 0.01 * statistics.rows) return;
    const reasons = Object.entries(faults).filter(([, count]) => count > 0);
    warnings.push({
      code: "program-faults",
      message: `The program ${id} failed on rows: ${rows} (${reasons.map(([reason, count]) => `${reason} ${count}`).join(", ")}) and abstained there.`,
      remedy: "Read it, mend it, and put it into programs/, or ask for another.",
    });
  });
  return warnings;
}
