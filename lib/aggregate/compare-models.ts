import { ABSTAIN } from "../contracts/columns.ts";
import { LabelModelName } from "../contracts/label-models.ts";
import { type Histogram, thinned } from "./histogram.ts";
import { type FittedLabelModel, fitLabelModel, posteriorOf } from "./label-model.ts";

/** A label model over a run's votes: what it makes of them, or why it was not fitted to them. */
export type ComparedModel = { name: LabelModelName } & (Outcome | { problem: string });

interface Outcome {
  /** Share of labeled rows that it gives the class of the chosen one. */
  alike: number;
  /** Its mean confidence in its labels. */
  confidence: number;
  /** [classes], share of labeled rows that it gives each. */
  shares: number[];
}

/** Patterns × programs × classes that models are fitted to: a look beside the result may not cost more than the result. */
const MOST_CELLS = 2_000_000;
const MOST_PATTERNS = 2_000;
/** Programs × classes up to which models that compare all pairs of votes are fitted for a look: with 2,500 one takes half a minute. */
const MOST_IN_PAIRS = 500;
const IN_PAIRS: LabelModelName[] = ["auto", "snorkel"];

/** The chosen label model, and what the others make of the same votes; of many patterns, of an even sample of the rows. */
export function compareModels(histogram: Histogram, chosen: FittedLabelModel): ComparedModel[] {
  const { programs, classes } = histogram;
  const most = Math.max(100, Math.min(MOST_PATTERNS, Math.floor(MOST_CELLS / (programs * classes))));
  const met = voted(histogram.counts.length > most ? thinned(histogram, most) : histogram);
  if (met.counts.length === 0) return [];
  const labels = labelsOf(met, chosen);
  const others = LabelModelName.options.filter((name) => name !== chosen.name);
  return [
    { name: chosen.name, ...outcomeOf(met, labels, chosen) },
    ...others.map((name) => ({ name, ...fitted(name, met, labels) })),
  ];
}

function fitted(name: LabelModelName, met: Histogram, labels: Int8Array): Outcome | { problem: string } {
  const cells = met.programs * met.classes;
  if (IN_PAIRS.includes(name) && cells > MOST_IN_PAIRS) {
    const problem = `not compared: it looks at all pairs of votes, and ${met.programs} programs × ${met.classes} classes are too many to do so beside the chosen one`;
    return { problem };
  }
  return outcomeOf(met, labels, fitLabelModel(name, met));
}

/** The patterns with a vote. */
function voted({ programs, classes, patterns, counts }: Histogram): Histogram {
  const kept = [...counts.keys()].filter((at) =>
    patterns.subarray(at * programs, (at + 1) * programs).some((vote) => vote !== ABSTAIN),
  );
  const found = new Int8Array(kept.length * programs);
  for (const [place, at] of kept.entries()) {
    found.set(patterns.subarray(at * programs, (at + 1) * programs), place * programs);
  }
  return { programs, classes, patterns: found, counts: Float64Array.from(kept, (at) => counts[at]) };
}

function outcomeOf(met: Histogram, labels: Int8Array, model: FittedLabelModel): Outcome {
  const posterior = posteriorOf(model);
  const one = new Float64Array(met.classes);
  const shares = new Array<number>(met.classes).fill(0);
  let rows = 0;
  let alike = 0;
  let confidence = 0;
  for (let at = 0; at < met.counts.length; at++) {
    posterior(met.patterns.subarray(at * met.programs, (at + 1) * met.programs), one);
    const most = Math.max(...one);
    const label = one.indexOf(most);
    rows += met.counts[at];
    shares[label] += met.counts[at];
    confidence += most * met.counts[at];
    // A tie is no other opinion.
    if (label === labels[at] || one[labels[at]] >= most - 1e-9) alike += met.counts[at];
  }
  const rounded = (value: number) => Math.round((1e4 * value) / rows) / 1e4;
  return { alike: rounded(alike), confidence: rounded(confidence), shares: shares.map(rounded) };
}

function labelsOf(met: Histogram, model: FittedLabelModel): Int8Array {
  const posterior = posteriorOf(model);
  const one = new Float64Array(met.classes);
  return Int8Array.from(met.counts, (_, at) => {
    posterior(met.patterns.subarray(at * met.programs, (at + 1) * met.programs), one);
    return one.indexOf(Math.max(...one));
  });
}
