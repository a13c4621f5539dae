import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, expect, it } from "vitest";
import { voteRecords } from "../../lib/cli/vote-records.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "alchemist-votes-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** So many lines that they come in several chunks. */
const many = Array.from({ length: 300_000 }, (_, row) => `spam,ham,${row % 3 ? "ham" : ""}`);

it.each([
  { name: "plain lines", text: "a,b\nspam,\n,ham\n" },
  {
    name: "a byte order mark, CRLF, blank lines and no last line end",
    text: "\uFEFFa,b\r\n\r\nspam,ham\r\n,ham",
  },
  { name: "lone carriage returns", text: "a,b\rspam,ham\rham,\r" },
  { name: "quoted cells", text: 'a,"b, c"\nspam,"ha""m"\n"x\ny",z\n' },
  { name: "rows of other lengths", text: "a,b\nspam\nspam,ham,ham\n" },
  { name: "nothing", text: "" },
  { name: "many lines", text: ["a,b,c", ...many].join("\n") },
  { name: "a quote behind many lines", text: ["a,b,c", ...many, '"spam",ham,"x,y"', "ham,,"].join("\r\n") },
])("reads $name as the parser does", async ({ text }) => {
  const file = join(folder, "votes.csv");
  await writeFile(file, text);
  const expected = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true });
  expect((await Array.fromAsync(voteRecords(file, ","))).flat()).toEqual(expected);
});
