import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cli, folderOf } from "../support/cli.ts";

const EMOJI = join(import.meta.dirname, "..", "..", "examples", "emoji");

it("sets no price of direct labeling beside pictures, and says what would judge their labels", {
  timeout: 60_000,
}, async () => {
  using folder = folderOf({});
  cpSync(EMOJI, folder.path, { recursive: true, filter: (path) => !path.includes(".alchemist") });
  const { stdout } = await cli(["run", folder.path, "--json"]);
  expect(JSON.parse(stdout).receipt).toMatchObject({
    directLabeling: [],
    verdict: {
      reason:
        "Not verified: a model is not shown pictures. Name gold labels in input.label and set verify: { by: gold } to know how far the programs can be trusted here.",
    },
  });
});
