import { describe, expect, it } from "vitest";
import { cli, folderOf, ownTask } from "../support/cli.ts";

const warningsOf = async (rows: number) => {
  const lines = Array.from({ length: rows }, (_, row) => `${row},${row % 2 ? "free money" : "see you"},\n`);
  using folder = folderOf(
    ownTask({
      "data/mails.csv": `id,text,label\n${lines.join("")}`,
      "programs/typo.js": 'function label(row) { return row.txt === "free" ? "spam" : null; }',
    }),
  );
  const { stdout } = await cli(["run", folder.path, "--json"]);
  const { warnings }: { warnings: { code: string; message: string }[] } = JSON.parse(stdout).receipt;
  return warnings.filter(({ code }) => code === "program-silent").map(({ message }) => message);
};

describe("a program that never votes", () => {
  it("is named in the receipt", async () => {
    expect(await warningsOf(100)).toEqual(['Programs that vote on none of the 100 rows: "typo", "win".']);
  });

  it("is no wonder where there are few rows", async () => {
    expect(await warningsOf(99)).toEqual([]);
  });
});
