import type { Browser } from "playwright-core";

/** A page in a window of its own, with what it asked for and complained of. */
export async function openedPage(
  browser: Browser,
  url: string,
  { width, colorScheme }: { width: number; colorScheme: "light" | "dark" },
) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  const page = await context.newPage();
  const seen = { requests: [] as string[], complaints: [] as string[] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("dialog", (dialog) => seen.complaints.push(dialog.message()));
  await page.goto(url);
  return { page, seen, url, [Symbol.asyncDispose]: () => context.close() };
}
