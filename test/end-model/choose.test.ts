import { expect, it } from "vitest";
import { chosenByGold, type Labeler } from "../../lib/end-model/choose.ts";

const rows = (count: number, ...right: Labeler[]) =>
  Array.from({ length: count }, () => ({
    labelModel: right.includes("labelModel"),
    endModel: right.includes("endModel"),
    pool: right.includes("pool"),
  }));

it.each([
  { name: "the pool where gold is too little", gold: rows(99, "endModel"), chosen: "pool" },
  {
    name: "the pool where another is hardly better",
    gold: [...rows(99, "pool"), ...rows(1, "endModel")],
    chosen: "pool",
  },
  {
    name: "the end model where it is better",
    gold: [...rows(90, "pool", "endModel"), ...rows(10, "endModel")],
    chosen: "endModel",
  },
  {
    name: "the pool where another is better only by luck",
    gold: [...rows(100, "pool"), ...rows(105, "labelModel")],
    chosen: "pool",
  },
  {
    name: "the better of two that are better",
    gold: [...rows(100, "pool"), ...rows(20, "labelModel", "endModel"), ...rows(130, "labelModel")],
    chosen: "labelModel",
  },
])("is $name", ({ gold, chosen }) => {
  expect(chosenByGold(gold)).toBe(chosen);
});
