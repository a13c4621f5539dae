import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedPage, servePage } from "../../../lib/local/dev/page/serve-page.ts";

const objects = new Map<string, Uint8Array>();
let tasks: string[] = [];
let page: ServedPage;
beforeAll(async () => {
  page = await servePage({
    port: 0,
    state: () => tasks,
    read: (key) => objects.get(key),
    put: (key, body) => objects.set(key, body),
    mostBytes: 10,
  });
});
afterAll(() => page.close());

const drop = (path: string, body: string) =>
  fetch(`${page.url}inbox/${path}`, { method: "PUT", body, headers: { origin: page.url.slice(0, -1) } });

describe("the page's server", () => {
  it("puts what is dropped into the inbox", async () => {
    const response = await drop("mail/data/mails%20of%20May.csv", "id,text\n");
    expect([response.status, await response.json()]).toEqual([
      200,
      { key: "inbox/mail/data/mails of May.csv" },
    ]);
    expect(String(objects.get("inbox/mail/data/mails of May.csv"))).toBe("id,text\n");
  });

  it.each([
    { path: "mail/data/x.csv", body: "12345678901", message: "A file has at most 10 bytes here." },
    { path: "mail/notes.md", body: "x", message: "nothing is made of this file" },
    { path: "mail/data%2F..%2F..%2Fx/y.csv", body: "x", message: "A name has no slashes." },
    { path: "mail/data/%E0.csv", body: "x", message: "URI malformed" },
  ])("says why $path is not taken, and takes none of it", async ({ path, body, message }) => {
    const before = [...objects.keys()];
    const response = await drop(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: expect.stringContaining(message) });
    expect([...objects.keys()]).toEqual(before);
  });

  it("tells what changed to whoever watches, once", async () => {
    const response = await fetch(`${page.url}events`);
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    expect((await reader.read()).value).toBe("data: []\n\n");
    tasks = ["mail"];
    page.changed();
    page.changed();
    expect((await reader.read()).value).toBe('data: ["mail"]\n\n');
    await reader.cancel();
  });

  it("sends results as text under a policy that runs nothing, and the report as a page", async () => {
    objects.set("outbox/mail/labels/mails/report.html", Buffer.from("<p>"));
    objects.set("outbox/mail/labels/mails/card.md", Buffer.from("<p>"));
    const of = async (name: string) => {
      const { headers } = await fetch(`${page.url}labels/mail/mails/${name}`);
      return [headers.get("content-type"), headers.get("content-security-policy")];
    };
    expect(await of("report.html")).toEqual([
      "text/html; charset=utf-8",
      expect.stringMatching(/^default-src 'none'; style-src 'unsafe-inline'/),
    ]);
    expect(await of("card.md")).toEqual([
      "text/plain; charset=utf-8",
      "default-src 'none'; frame-ancestors 'none'",
    ]);
  });
});
