import { ABSTAIN } from "../contracts/columns.ts";
import type { Warning } from "../contracts/objects.ts";
import type { Histogram } from "./histogram.ts";
import type { FittedLabelModel } from "./label-model.ts";
import { voteShares } from "./majority.ts";
import type { VoteSummary } from "./program-summary.ts";
import { winnersOf } from "./winners.ts";

/** Shares of rows beyond which a result is worth a warning. */
const LEAST_COVERAGE = 0.5;
const MOST_OF_ONE_CLASS = 0.98;
const MOST_DISAGREEMENT = 0.1;

/** A fitted model over the votes it was fitted to, with the names that messages use. */
export interface Fit {
  histogram: Histogram;
  model: FittedLabelModel;
  /** [patterns × classes], of `posteriorsOf`. */
  posteriors: Float64Array;
  summary: VoteSummary;
  names: { programs: readonly string[]; classes: readonly string[] };
}

/** What a user should look at before trusting the labels; empty where nothing is suspicious. */
export function warningsOf(fit: Fit): Warning[] {
  const labeled = labelCounts(fit);
  return [
    ...lowCoverage(fit),
    ...classesWithoutVotes(fit),
    ...nearConstant(fit, labeled.labels),
    ...majorityDisagrees(fit, labeled.disagreeing),
    ...dependentVotes(fit),
    ...nearCopies(fit),
    ...programsWithoutLift(fit),
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const quoted = (name: string) => JSON.stringify(name);

/** The first names, and how many more there are. */
const listed = (names: readonly string[]) =>
  names.slice(0, 5).map(quoted).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");

function lowCoverage({ summary: { rows, covered } }: Fit): Warning[] {
  const share = rows > 0 ? covered / rows : 0;
  if (share >= LEAST_COVERAGE) return [];
  return [
    {
      code: "low-coverage",
      message: `Only ${percent(share)} of the rows have a vote.`,
      remedy: "Add programs that decide more rows, or train a model on the labeled rows for the others.",
    },
  ];
}

/** Votes for each class, [programs × classes]. */
function votesByClass({ programs, classes, patterns, counts }: Histogram): Float64Array {
  const votes = new Float64Array(programs * classes);
  for (let at = 0; at < patterns.length; at++) {
    if (patterns[at] === ABSTAIN) continue;
    votes[(at % programs) * classes + patterns[at]] += counts[Math.floor(at / programs)];
  }
  return votes;
}

function classesWithoutVotes({ histogram, names }: Fit): Warning[] {
  const { classes } = histogram;
  const votes = votesByClass(histogram);
  const silent = names.classes.filter((_, label) =>
    votes.every((count, cell) => cell % classes !== label || count === 0),
  );
  if (silent.length === 0) return [];
  return [
    {
      code: "class-without-votes",
      message: `No program ever votes for ${silent.length} of ${classes} classes: ${listed(silent)}.`,
      remedy:
        "Describe them more closely or add programs that find them; until then no row gets their label.",
    },
  ];
}

/** Rows by the class they are labeled with, ties shared, and rows on which the label is none of the majority's. */
function labelCounts({ histogram, posteriors }: Fit): { labels: Float64Array; disagreeing: number } {
  const { programs, classes, patterns, counts } = histogram;
  const labels = new Float64Array(classes);
  const shares = new Float64Array(classes);
  let disagreeing = 0;
  for (let at = 0; at < counts.length; at++) {
    const pattern = patterns.subarray(at * programs, (at + 1) * programs);
    if (pattern.every((vote) => vote === ABSTAIN)) continue;
    const winners = winnersOf(posteriors, at * classes, classes);
    for (const label of winners) labels[label] += counts[at] / winners.length;
    voteShares(pattern, shares);
    const byMajority = winnersOf(shares, 0, classes);
    if (!winners.some((label) => byMajority.includes(label))) disagreeing += counts[at];
  }
  return { labels, disagreeing };
}

function nearConstant({ summary, names }: Fit, labels: Float64Array): Warning[] {
  const largest = labels.indexOf(Math.max(...labels));
  if (summary.covered === 0 || labels[largest] <= MOST_OF_ONE_CLASS * summary.covered) return [];
  return [
    {
      code: "near-constant",
      message: `${percent(labels[largest] / summary.covered)} of the labels are ${quoted(names.classes[largest])}.`,
      remedy:
        "Where the classes are not that uneven, the votes have collapsed: look at the programs that vote for the others.",
    },
  ];
}

function majorityDisagrees({ model, summary }: Fit, disagreeing: number): Warning[] {
  if (disagreeing <= MOST_DISAGREEMENT * summary.covered) return [];
  return [
    {
      code: "majority-disagrees",
      message: `The label model ${quoted(model.name)} and majority vote differ on ${percent(disagreeing / summary.covered)} of the labeled rows.`,
      remedy: "Compare some of these rows by hand, and take the label model that is right more often.",
    },
  ];
}

/** Dawid-Skene's misfit from which its independence is refuted: where `auto` gives it no share. */
const DEPENDENT = 2;

function dependentVotes({ model }: Fit): Warning[] {
  if (model.name !== "auto" || !model.fit || model.fit.dawidSkene < DEPENDENT) return [];
  return [
    {
      code: "dependent-votes",
      message: `The programs err together (misfit ${model.fit.dawidSkene.toFixed(1)}, 1 where they are independent), so confidences are too sure.`,
      remedy: "Compare them with a few gold labels, or add programs that look at something else.",
    },
  ];
}

function nearCopies({ model, names }: Fit): Warning[] {
  if (model.name !== "auto") return [];
  const copies = Map.groupBy(names.programs.keys(), (program) => model.copyOf[program]);
  copies.delete(-1);
  return [...copies].map(([original, programs]) => ({
    code: "near-copy",
    message: `Not counted, because they repeat the votes and errors of the program ${quoted(names.programs[original])}: ${programs.map((program) => quoted(names.programs[program])).join(", ")}.`,
    remedy: "Replace them with programs that look at something else.",
  }));
}

function programsWithoutLift({ histogram, summary, names }: Fit): Warning[] {
  const { classes } = histogram;
  const votes = votesByClass(histogram);
  const useless = names.programs.filter((_, program) => {
    let voted = 0;
    let byChance = 0;
    for (let label = 0; label < classes; label++) {
      voted += votes[program * classes + label];
      byChance += votes[program * classes + label] * summary.balance[label];
    }
    const { accuracy } = summary.programs[program];
    return accuracy !== null && accuracy <= byChance / voted + 1e-9;
  });
  if (useless.length === 0) return [];
  return [
    {
      code: "no-lift",
      message: `${useless.length} of ${names.programs.length} programs seem right no more often than a guess by class frequency: ${listed(useless)}.`,
      remedy: "Read them: they may answer for the wrong class, or always alike. Repair or remove them.",
    },
  ];
}
