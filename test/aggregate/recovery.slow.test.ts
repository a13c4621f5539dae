import { expect, it } from "vitest";
import { histogramOf } from "../../lib/aggregate/histogram.ts";
import { aggregateVotes } from "../../lib/aggregate/vote-file.ts";
import { syntheticVotes } from "./synthetic-votes.ts";

it("fits votes that are nearly all different to evenly spaced ones of them", () => {
  const programs = Array.from({ length: 20 }, (_, index) => ({
    coverage: 0.8,
    accuracy: 0.6 + 0.015 * index,
  }));
  const { truth, columns } = syntheticVotes({ rows: 60_000, balance: [0.5, 0.3, 0.2], programs, seed: 4 });
  expect(histogramOf(columns, 3).counts.length).toBeGreaterThan(50_000);
  const table = {
    classes: ["a", "b", "c"],
    programs: programs.map((_, at) => `${at}`),
    columns,
    labels: truth,
  };
  const { metrics } = aggregateVotes(table, "auto");
  expect(metrics?.accuracy).toBeGreaterThan(metrics?.majority.accuracy ?? 1);
});
