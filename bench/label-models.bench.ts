import { histogramOf, indexVotes } from "../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorsOf } from "../lib/aggregate/label-model.ts";
import { winnersOf } from "../lib/aggregate/winners.ts";
import { seeded, syntheticVotes } from "../test/aggregate/synthetic-votes.ts";

/** Half the programs vote for one class only, half for any: what people write by hand. */
const mixed = (programs: number, classes: number) =>
  Array.from({ length: programs }, (_, index) => ({
    coverage: 0.15 + 0.05 * index,
    accuracy: 0.65 + 0.03 * index,
    ...(index % 2 === 0 && { onlyClass: (index / 2) % classes }),
  }));

/** Seconds of CPU that `work` takes, the best of `times`. */
function cpuSeconds(work: () => void, times = 1): number {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time++) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

/** From votes in memory to a label and a confidence for each row. */
function labelRows(columns: readonly Int8Array[], classes: number) {
  const { histogram, patternOfRow } = indexVotes(columns, classes);
  const posteriors = posteriorsOf(fitLabelModel("auto", histogram), histogram);
  const labelOfPattern = Int8Array.from(
    histogram.counts,
    (_, at) => winnersOf(posteriors, at * classes, classes)[0],
  );
  const labels = new Int8Array(patternOfRow.length);
  const confidences = new Float32Array(patternOfRow.length);
  for (let row = 0; row < patternOfRow.length; row++) {
    const pattern = patternOfRow[row];
    labels[row] = labelOfPattern[pattern];
    confidences[row] = posteriors[pattern * classes + labels[row]];
  }
  return { labels, patterns: histogram.counts.length };
}

const many = syntheticVotes({ rows: 1e7, balance: [0.5, 0.5], programs: mixed(10, 2), seed: 1 });
let patterns = 0;
let right = 0;
const endToEnd = cpuSeconds(() => {
  const labeled = labelRows(many.columns, 2);
  patterns = labeled.patterns;
  for (let row = 0; row < labeled.labels.length; row++)
    if (labeled.labels[row] === many.truth[row]) right += 1;
});
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(
  `1e7 rows × 10 programs, auto, end to end: ${endToEnd.toFixed(2)} CPU s, peak ${peakMiB.toFixed(0)} MiB (${patterns} patterns, accuracy ${(right / 1e7).toFixed(3)})`,
);

const histogramSeconds = cpuSeconds(() => histogramOf(many.columns, 2), 3);
console.log(`histogram: ${(1e7 / histogramSeconds / 1e6).toFixed(1)} M rows/s at 10 programs`);

const few = syntheticVotes({ rows: 6e4, balance: [0.4, 0.3, 0.2, 0.1], programs: mixed(10, 4), seed: 2 });
const histogram = histogramOf(few.columns, 4);
const fitSeconds = cpuSeconds(() => fitLabelModel("auto", histogram), 5);
console.log(
  `auto fit: ${fitSeconds.toFixed(3)} CPU s for ${histogram.counts.length} patterns, 40 program-class cells`,
);

const random = seeded(3);
const truth = Int16Array.from({ length: 1e5 }, () => Math.floor(random() * 200));
const wide = Array.from({ length: 100 }, () =>
  Int16Array.from(truth, (label) => (random() < 0.7 ? label : Math.floor(random() * 200))),
);
const wideSeconds = cpuSeconds(() => {
  const dense = histogramOf(wide, 200);
  posteriorsOf(fitLabelModel("auto", dense), dense);
});
console.log(
  `1e5 rows × 100 programs × 200 classes, auto, votes to posteriors: ${wideSeconds.toFixed(1)} CPU s`,
);
