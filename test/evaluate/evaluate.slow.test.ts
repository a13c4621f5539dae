import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cli, exampleCopy } from "../support/cli.ts";

it("sets beside a run the majority vote that a run by majority vote would have published", {
  timeout: 120_000,
}, async () => {
  using copy = exampleCopy("review-sentences");
  const byAuto = JSON.parse((await cli(["run", copy.path, "--json"])).stdout).evaluation;
  const path = join(copy.path, "task.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(/^labelModel:.*\n/m, ""));
  appendFileSync(path, "labelModel: majority\n");
  const byMajority = JSON.parse((await cli(["run", copy.path, "--json"])).stdout).evaluation;
  expect(byMajority.labelModel).toBe("majority");
  expect(byMajority.chosen).not.toEqual(byAuto.chosen);
  expect(byAuto.majority).toEqual(byMajority.chosen);
  expect(byMajority.majority).toEqual(byMajority.chosen);
});
