import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { reportPage } from "../../lib/report/report-page.ts";
import { factsOf, someVotes } from "../report/facts.ts";
import { seriousFaults } from "./axe.ts";
import { findChromium } from "./chromium.ts";
import { openedPage } from "./opened-page.ts";

const executablePath = findChromium();
const folder = mkdtempSync(join(tmpdir(), "alchemist-browser-"));
const evil =
  "</script></style><img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

const PAGES = {
  ordinary: factsOf({
    votes: someVotes(10, 300, 3),
    classes: ["spam", "ham", "مرحبا بالعالم"].map((name) => ({ name, description: `what ${name} means` })),
    gold: Array.from({ length: 300 }, (_, row) => ["spam", "ham"][row % 2]),
    texts: Array.from({ length: 300 }, (_, row) => `رسالة ${row}: free \u202emoney`),
  }),
  hostile: factsOf({
    name: evil,
    description: evil,
    votes: [
      [0, 1, 0],
      [0, 0, ABSTAIN],
    ],
    classes: [evil, `${evil} 2`].map((name) => ({ name, description: evil })),
    sources: [evil, evil],
    texts: [evil, evil, "word".repeat(250_000)],
  }),
  "of 73 programs": factsOf({ votes: someVotes(73, 300, 2), times: 3_333, labelModel: "majority" }),
};

describe.skipIf(executablePath === undefined)("report.html in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    // Whoever may install Chromium is root, and root's Chromium has no sandbox.
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** The page, opened from the disk, and what it asked for and complained of. */
  async function opened(name: keyof typeof PAGES, width: number, colorScheme: "light" | "dark") {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, await reportPage(PAGES[name]));
    return openedPage(browser, pathToFileURL(path).href, { width, colorScheme });
  }

  it.each(Object.keys(PAGES) as (keyof typeof PAGES)[])(
    "asks for nothing, complains of nothing, runs nothing and fits a telephone: %s",
    async (name) => {
      await using narrow = await opened(name, 375, "dark");
      const { page, seen, url } = narrow;
      for (const summary of await page.locator("summary").all()) await summary.click();
      const requests = seen.requests.filter((one) => !one.startsWith("data:"));
      expect({ ...seen, requests }).toEqual({ requests: [url], complaints: [] });
      expect(await page.title()).toContain(name === "hostile" ? "</script>" : "mail: pseudolabels");
      expect(await page.locator("img, script, iframe, object").count()).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
    },
  );

  it.each([
    ["ordinary", "light"],
    ["ordinary", "dark"],
    ["hostile", "light"],
  ] as const)("has no serious fault that axe finds: %s, %s", async (name, scheme) => {
    await using wide = await opened(name, 1_200, scheme);
    for (const summary of await wide.page.locator("summary").all()) await summary.click();
    expect(await seriousFaults(wide.page)).toEqual([]);
  });

  it("is reached by keyboard: links, charts and sources get the focus, and a key opens a source", async () => {
    await using wide = await opened("ordinary", 1_200, "light");
    const reached = new Set<string>();
    for (let press = 0; press < 40; press++) {
      await wide.page.keyboard.press("Tab");
      reached.add(String(await wide.page.evaluate("document.activeElement.tagName")));
      if (reached.has("SUMMARY")) break;
    }
    expect([...reached].sort()).toEqual(["A", "DIV", "SUMMARY"]);
    await wide.page.keyboard.press("Enter");
    expect(await wide.page.locator("details[open]").count()).toBe(1);
  });

  it("prints with every source open", async () => {
    await using wide = await opened("ordinary", 1_200, "light");
    await wide.page.emulateMedia({ media: "print" });
    expect(await wide.page.locator("details pre").first().isVisible()).toBe(true);
    expect((await wide.page.pdf()).byteLength).toBeGreaterThan(10_000);
  });
});
