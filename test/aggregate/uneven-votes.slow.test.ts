import { expect, it } from "vitest";
import { histogramOf } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { unevenVotes } from "./uneven-votes.ts";
import { accuracyOf, labelCounts } from "./vote-accuracy.ts";

it("auto seldom loses a point to majority where the balance is uneven and programs err together", () => {
  const sets = Array.from({ length: 60 }, (_, seed) => {
    const votes = unevenVotes(10_000 + seed, { programs: [5, 25], rows: [2_000, 4_000] });
    const histogram = histogramOf(votes.columns, votes.classes);
    const model = fitLabelModel("auto", histogram);
    const byMajority = posteriorsOf({ ...model, name: "majority" }, histogram);
    const labels = labelCounts(histogram, byMajority);
    const rows = labels.reduce((sum, count) => sum + count, 0);
    return {
      gain:
        accuracyOf(votes, histogram, posteriorsOf(model, histogram)) -
        accuracyOf(votes, histogram, byMajority),
      largest: Math.max(...labels) / rows,
    };
  });
  const losing = (chosen: typeof sets) => chosen.filter(({ gain }) => gain < -1).length / chosen.length;
  const mean = sets.reduce((sum, { gain }) => sum + gain, 0) / sets.length;
  expect({
    mean: mean > 0,
    losing: losing(sets) < 0.25,
    losingWhereMajorityIsUneven: losing(sets.filter(({ largest }) => largest > 0.75)) < 0.1,
  }).toEqual({ mean: true, losing: true, losingWhereMajorityIsUneven: true });
});
