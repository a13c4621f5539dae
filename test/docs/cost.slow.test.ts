import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { standingUseOfStack } from "../../bench/cloud-standing.ts";
import { awsListPrices } from "../../lib/prices/aws-prices.ts";
import { cloudCost } from "../../lib/prices/cloud-cost.ts";
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

it("has what the stack as it is costs in a month without drops", { timeout: 60_000 }, () => {
  const { items, usd } = cloudCost(standingUseOfStack(), awsListPrices);
  const polling = (items.sqsRequests ?? 0) + (items.sqsFifoRequests ?? 0);
  const rest = [items.alarmMonths, items.dashboardMonths, items.secretMonths];
  expect(page.match(/(?<=\| +\**)\$[\d.]+(?=\** \|$)/gm)).toEqual(
    [polling, ...rest, usd].map((value) => `$${(value ?? 0).toFixed(2)}`),
  );
});
