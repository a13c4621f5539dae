import { expect, it } from "vitest";
import { countInGroup, groupCounter, groupReportOf } from "../../lib/evaluate/groups.ts";

it("reports the group where labels are worst, and how far behind the average it is", () => {
  const counter = groupCounter();
  const rows: [gold: number, group: string, predicted: number, times: number][] = [
    [0, "land", 0, 8],
    [0, "water", 1, 1],
    [0, "water", 0, 1],
    [1, "water", 1, 8],
    [1, "land", -1, 2],
  ];
  for (const [gold, group, predicted, times] of rows) {
    for (let row = 0; row < times; row++) countInGroup(counter, gold, group, predicted);
  }
  const landWaterbirds = { class: "waterbird", group: "land", rows: 2, accuracy: 0 };
  expect(groupReportOf(counter, ["landbird", "waterbird"])).toEqual({
    average: 0.85,
    worst: landWaterbirds,
    gap: 0.85,
    groups: [
      { class: "landbird", group: "land", rows: 8, accuracy: 1 },
      { class: "landbird", group: "water", rows: 2, accuracy: 0.5 },
      landWaterbirds,
      { class: "waterbird", group: "water", rows: 8, accuracy: 1 },
    ],
  });
});

it("reports nothing of no rows", () => {
  expect(groupReportOf(groupCounter(), ["a", "b"])).toBeUndefined();
});
