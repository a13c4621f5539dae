import { histogramOf } from "../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorsOf } from "../lib/aggregate/label-model.ts";
import { DEPENDENCES, unevenVotes } from "../test/aggregate/uneven-votes.ts";
import { accuracyOf, labelCounts } from "../test/aggregate/vote-accuracy.ts";

/**
 * What `auto` gains on majority, in points of accuracy, on made-up votes with an uneven balance and programs that err together, where it
 * is at its worst. SEEDS=100, or another number of sets.
 */
const seeds = Number(process.env.SEEDS ?? 600);
const sets = Array.from({ length: seeds }, (_, seed) => {
  const votes = unevenVotes(seed + 1);
  const histogram = histogramOf(votes.columns, votes.classes);
  const model = fitLabelModel("auto", histogram);
  const byMajority = posteriorsOf({ ...model, name: "majority" }, histogram);
  const labels = labelCounts(histogram, byMajority);
  const majority = accuracyOf(votes, histogram, byMajority);
  return {
    dependence: votes.dependence,
    largest: Math.max(...labels) / labels.reduce((sum, count) => sum + count, 0),
    gain: accuracyOf(votes, histogram, posteriorsOf(model, histogram)) - majority,
  };
});

const describe = (gains: number[]) => {
  const sorted = gains.toSorted((one, other) => one - other);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const losing = gains.filter((gain) => gain < -1).length / gains.length;
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
  return `mean ${mean.toFixed(2)}, least ${at(0)}, of ten ${at(0.1)}, median ${at(0.5)}, more than a point under majority ${(100 * losing).toFixed(1)} %`;
};
const line = (name: string, chosen: typeof sets) => {
  if (chosen.length === 0) return;
  console.log(`${name} (${chosen.length} sets): ${describe(chosen.map(({ gain }) => gain))}`);
};
line("all", sets);
for (const kind of DEPENDENCES) {
  line(
    kind,
    sets.filter(({ dependence }) => dependence === kind),
  );
}
line(
  "majority gives a class three rows of four",
  sets.filter(({ largest }) => largest >= 0.75),
);
