import { spawn } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { folderOf, ownTask } from "../support/cli.ts";
import { seriousFaults } from "./axe.ts";
import { findChromium } from "./chromium.ts";
import { openedPage } from "./opened-page.ts";

const executablePath = findChromium();
const ROOT = join(import.meta.dirname, "..", "..");
const PENGUINS = join(ROOT, "examples", "penguins");
const evil = "</script><img src=x onerror=\"document.title='owned'\">";

/** `alchemist dev` in a process of its own, with its page. */
async function started() {
  const folder = folderOf({});
  const { OPENAI_API_KEY: _, ...environment } = process.env;
  const args = [join(ROOT, "bin", "alchemist.ts"), "dev", "--folder", folder.path, "--port", "0"];
  const child = spawn(process.execPath, args, { env: environment });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      written += chunk;
    });
  }
  const ended = new Promise((resolve) => child.on("exit", resolve));
  await vi.waitFor(() => expect(written).toContain("Labels come out"), { timeout: 30_000 });
  const said = (name: string) => new RegExp(`${name} +(\\S+)`).exec(written)?.[1] ?? "";
  return {
    url: said("page"),
    endpoint: said("endpoint"),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      folder[Symbol.dispose]();
    },
  };
}

/** The status of a request with headers that no browser lets a page set. */
const statusOf = (
  url: string,
  method: string,
  headers: Record<string, string>,
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });

describe.skipIf(executablePath === undefined)("the page of alchemist dev", () => {
  let browser: Browser;
  let dev: Awaited<ReturnType<typeof started>>;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    dev = await started();
  });
  afterAll(async () => {
    await dev?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  it("takes a dropped task folder, shows it through to its labels, and opens its report", async () => {
    await using opened = await openedPage(browser, dev.url, { width: 375, colorScheme: "light" });
    const { page, seen } = opened;
    await page.locator("#folder").setInputFiles(PENGUINS);
    const file = page.locator("article", { hasText: "penguins.csv" });
    await file.locator("text=publish: 344 rows").waitFor({ timeout: 60_000 });
    await page.locator('article[data-state="ready"]').waitFor({ timeout: 60_000 });
    expect(await file.locator(".stages").textContent()).toContain("vote: 344 rows");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
    expect(await seriousFaults(page)).toEqual([]);

    await file.getByRole("link", { name: "Open the report" }).click();
    await page.locator("#verdict").waitFor();
    expect(await page.title()).toBe("penguins: pseudolabels of penguins.csv");
    await page.getByRole("link", { name: "receipt.json" }).click();
    await page.waitForURL(/receipt\.json$/);
    expect(seen.complaints).toEqual([]);
    expect(seen.requests.filter((url) => !url.startsWith(dev.url) && !url.startsWith("data:"))).toEqual([]);
  });

  it("takes a task file and data that are dropped one by one, and runs nothing of what they say", async () => {
    await using opened = await openedPage(browser, dev.url, { width: 1_200, colorScheme: "dark" });
    const { page, seen } = opened;
    const files = ownTask();
    const drop = (name: string, text: string) =>
      page.evaluate(
        `(() => {
          const all = new DataTransfer();
          all.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: all, bubbles: true, cancelable: true }));
        })()`,
      );
    await drop("task.yaml", `${files["task.yaml"]}\n# ${evil}\n`);
    await page.locator("h3", { hasText: "mail" }).waitFor();
    for (const [name, text] of Object.entries(files)) {
      if (name.startsWith("programs/")) await drop(name.slice("programs/".length), `${text}\n// ${evil}`);
    }
    expect(await page.locator("#task").inputValue()).toBe("mail");
    const name = `${evil.replaceAll("/", "")}.csv`;
    await drop(name, `id,text,label\n1,free money ${evil.replaceAll('"', '""')},\n2,see you,\n`);
    const article = page.locator("article", { hasText: name });
    await article.getByText("Open the report").waitFor({ timeout: 60_000 });
    expect(await page.locator("img").count()).toBe(0);
    await article.getByRole("link", { name: "Open the report" }).click();
    await page.locator("#verdict").waitFor();
    expect(await page.locator("img, script").count()).toBe(0);
    expect(await page.title()).toContain("onerror");
    expect(seen.complaints).toEqual([]);
  });

  it("tells of a file that is no task, and goes on", async () => {
    await using opened = await openedPage(browser, dev.url, { width: 1_200, colorScheme: "light" });
    const { page } = opened;
    await page.locator("#files").setInputFiles({
      name: "task.yaml",
      mimeType: "text/plain",
      buffer: Buffer.from(`name: ["${"<b>"}"]`),
    });
    await page.locator("#said p").waitFor();
    expect(await page.locator("#said").textContent()).toContain('task.yaml:1: name: found ["<b>"]');
  });

  it("is for nobody but itself: no other website drops a file or reads a label", async () => {
    const host = new URL(dev.url).host;
    const url = `${dev.url}inbox/mail/data/x.csv`;
    expect(await statusOf(url, "PUT", { host, origin: "https://evil.example" })).toBe(403);
    expect(await statusOf(url, "PUT", { host })).toBe(403);
    expect(await statusOf(dev.url, "GET", { host: "evil.example" })).toBe(403);
    expect(await statusOf(`${dev.url}events`, "GET", { host, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await statusOf(`${dev.endpoint}/alchemist`, "GET", { host: "evil.example" })).toBe(403);
    const bucket = new URL(dev.endpoint).host;
    const site = { host: bucket, origin: "https://evil.example" };
    expect(await statusOf(`${dev.endpoint}/alchemist/inbox/mail/task.yaml`, "PUT", site)).toBe(403);

    await using opened = await openedPage(browser, "about:blank", { width: 800, colorScheme: "light" });
    const read = await opened.page.evaluate(
      `Promise.allSettled([${JSON.stringify(dev.url)}, ${JSON.stringify(`${dev.endpoint}/alchemist`)}].map((one) => fetch(one))).then((all) => all.map(({ status }) => status))`,
    );
    expect(read).toEqual(["rejected", "rejected"]);
  });

  it("gives labels as text, and nothing that is beside them", async () => {
    const host = new URL(dev.url).host;
    const get = (path: string) => fetch(`${dev.url}${path}`, { headers: { host } });
    const part = await get("labels/penguins/penguins/part-00000.csv");
    expect([part.status, part.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
    const paths = [
      "labels/penguins/penguins/..%2F..%2Fx",
      "labels/penguins/x/report.html",
      "work/x",
      "inbox/penguins/task.yaml",
    ];
    expect(await Promise.all(paths.map(async (path) => (await get(path)).status))).toEqual([
      400, 404, 404, 404,
    ]);
  });
});
