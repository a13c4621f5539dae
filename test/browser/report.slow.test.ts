import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { type Facts, reportPage } from "../../lib/report/report-page.ts";
import { factsOf, someVotes } from "../report/facts.ts";
import { verifiedBy } from "../report/verifications.ts";
import { seriousFaults } from "./axe.ts";
import { findChromium } from "./chromium.ts";
import { openedPage } from "./opened-page.ts";

const executablePath = findChromium();
const folder = mkdtempSync(join(tmpdir(), "alchemist-browser-"));
const evil =
  "</script></style><img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

const thumbnail = await sharp({ create: { width: 96, height: 96, channels: 3, background: "orange" } })
  .jpeg()
  .toBuffer();
const picturesOf = (rows: number, name: string): Facts["pictures"] =>
  new Map(
    Array.from({ length: rows }, (_, row) => [
      row + 1,
      {
        name: `${row} ${name}`,
        thumbnail,
        scores: [
          [
            name,
            [
              [name, 0.7],
              ["another", 0.3],
            ],
          ],
        ],
      },
    ]),
  );

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
    verified: verifiedBy({
      reason: evil,
      model: evil,
      classes: [{ name: evil, sample: 5, programs: 5, both: 1 }],
      warnings: [{ code: "x", message: evil, remedy: evil }],
    }),
    pictures: picturesOf(3, evil),
  }),
  "without a vote": factsOf({
    votes: [
      [-1, -1],
      [-1, -1],
    ],
  }),
  "with votes for one class": factsOf({ votes: [[0, 0, 0, 0]] }),
  "of a million rows": factsOf({
    votes: someVotes(10, 1_000, 3),
    times: 1_000,
    classes: ["spam", "ham", "other"].map((name) => ({ name, description: name })),
    gold: Array.from({ length: 1_000 }, (_, row) => ["spam", "ham"][row % 2]),
    sources: Array.from({ length: 10 }, () => "const line = 1;\n".repeat(1_000)),
    verified: verifiedBy(),
    pictures: picturesOf(1_000, "cat.png"),
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
      const foreign = 'img:not([src^="data:image/jpeg;base64,"]), script, iframe, object';
      expect(await page.locator(foreign).count()).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
    },
  );

  it.each([
    ["ordinary", "light"],
    ["ordinary", "dark"],
    ["hostile", "light"],
    ["of a million rows", "dark"],
  ] as const)("has no serious fault that axe finds: %s, %s", async (name, scheme) => {
    await using wide = await opened(name, 1_200, scheme);
    for (const summary of await wide.page.locator("summary").all()) await summary.click();
    expect(await seriousFaults(wide.page)).toEqual([]);
  });

  it("is painted within two seconds and has less than two megabytes for a million rows", async () => {
    await using wide = await opened("of a million rows", 1_200, "light");
    const paints = () =>
      wide.page.evaluate(
        "performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime)",
      );
    const [paintMs] = (await vi.waitUntil(async () => {
      const all = (await paints()) as number[];
      return all.length > 0 && all;
    })) as number[];
    expect(paintMs).toBeLessThan(2_000);
    expect(statSync(fileURLToPath(wide.url)).size).toBeLessThan(2_000_000);
    const width = await wide.page.evaluate("document.querySelector('article img').naturalWidth");
    expect(width).toBe(96);
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
