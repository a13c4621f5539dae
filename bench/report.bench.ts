import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { reportPage } from "../lib/report/report-page.ts";
import { findChromium } from "../test/browser/chromium.ts";
import { factsOf, someVotes } from "../test/report/facts.ts";

/** The report of a million rows: its bytes, the processor seconds it takes to write, and how soon a browser shows it. */
const SIZES: [name: string, programs: number, classes: number][] = [
  ["10 programs, 2 classes", 10, 2],
  ["73 programs, 127 classes", 73, 127],
];
const executablePath = findChromium();
const browser = executablePath && (await chromium.launch({ executablePath, args: ["--no-sandbox"] }));
const folder = mkdtempSync(join(tmpdir(), "alchemist-bench-"));

for (const [name, programs, classes] of SIZES) {
  const facts = factsOf({
    votes: someVotes(programs, 2_000, classes),
    times: 500,
    labelModel: "majority",
    classes: Array.from({ length: classes }, (_, index) => ({ name: `class ${index}`, description: "text" })),
    texts: Array.from({ length: 2_000 }, () => "some words of a row ".repeat(40)),
  });
  await reportPage(facts); // Loads what draws.
  const before = process.cpuUsage();
  const page = await reportPage(facts);
  const { user, system } = process.cpuUsage(before);
  const path = join(folder, "report.html");
  writeFileSync(path, page);
  const seconds = ((user + system) / 1e6).toFixed(2);
  const megabytes = (Buffer.byteLength(page) / 1e6).toFixed(2);
  const paint = browser ? `${(await firstPaintMs(path)).toFixed(0)} ms` : "no browser here";
  console.log(
    `1,000,000 rows, ${name}: ${megabytes} MB, ${seconds} s of processor, first paint after ${paint}`,
  );
}
if (browser) await browser.close();
rmSync(folder, { recursive: true });

async function firstPaintMs(path: string): Promise<number> {
  if (!browser) return Number.NaN;
  const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
  await page.goto(pathToFileURL(path).href);
  await page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0");
  const ms = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  await page.close();
  return Number(ms);
}
