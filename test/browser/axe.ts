import axe from "axe-core";
import type { Page } from "playwright-core";

/** Serious faults that axe finds in a page, each with the first element that has it. */
export async function seriousFaults(page: Page): Promise<[rule: string, element: string][]> {
  // Through the debugger, which no policy of the page stops.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes[0].html.slice(0, 200)]);
}
