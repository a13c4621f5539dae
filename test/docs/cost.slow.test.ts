import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dollars } from "../../lib/prices/prices.ts";
import { cli } from "../support/cli.ts";

const root = join(import.meta.dirname, "..", "..");
const page = readFileSync(join(root, "docs/cost.md"), "utf8");

it("has the figures of docs/cost.md that plan prints for the e-mails", { timeout: 60_000 }, async () => {
  const { stdout } = await cli(["plan", join(root, "examples/spam-email"), "--json"]);
  const { synthesis, direct, characters, rows } = JSON.parse(stdout);
  const [own, cheapest] = direct;
  const count = (value: number) => value.toLocaleString("en");
  for (const text of [
    `**${dollars(synthesis.recorded.usd)}**`,
    `${count(rows)} × ${own.overheadTokens} + ${count(characters)} / 4 = ${count(own.inputTokens)} tokens in`,
    `${count(own.outputTokens)} out: **${dollars(own.usd)}** at ${own.model}`,
    `${dollars(cheapest.usd)} at ${cheapest.model}`,
    `**${own.breakEvenRows} rows**`,
  ]) {
    expect(page).toContain(text);
  }
});
