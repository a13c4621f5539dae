import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName, Hash } from "../../lib/contracts/names.ts";
import { openPictures } from "../../lib/pictures/open-pictures.ts";
import { pictureReader } from "../../lib/pictures/picture-bytes.ts";
import type { ObjectStore } from "../../lib/ports.ts";
import { memoryStore } from "../support/memory-store.ts";
import { plainPicture, type ZipFile, zipOf } from "../support/pictures.ts";
import { allOf } from "../support/tables.ts";
import { taskOf } from "../support/tasks.ts";

const task = taskOf().name;
const red = await plainPicture("red");
const blue = await plainPicture("blue", { format: "jpeg" });

/** Everything that a file of the task's data holds; each picture is read back by its reference. */
async function opened(file: string, objects: Record<string, Uint8Array | string>) {
  const store = memoryStore(
    Object.fromEntries(Object.entries(objects).map(([name, body]) => [`${keys.dataOf(task)}${name}`, body])),
  );
  return read(store, file);
}

async function read(store: ObjectStore, file: string) {
  const key = keys.data(task, FileName.parse(file));
  const head = await store.head(key);
  const unpackedKey = keys.unpacked(task, Hash.parse("0".repeat(32)));
  const table = await openPictures(
    { store, key, file, version: head?.version, unpackedKey },
    { task, column: "picture", size: head?.size ?? 0 },
  );
  const { rows, rejected } = await allOf(table);
  const readBack = pictureReader(store);
  const pictures: Record<string, Uint8Array> = {};
  for (const row of rows) {
    const picture = table.pictureOf(row);
    pictures[picture.name] = new Uint8Array(await readBack(picture));
  }
  return {
    pictures,
    raw: rows.map((row) => row.raw),
    problems: rejected.map(({ excerpt, reason }) => [excerpt, reason]),
  };
}

const bytes = (...pictures: Uint8Array[]) => pictures.map((one) => new Uint8Array(one));

async function tarOf(files: { name: string; content?: Buffer; type?: "symlink" | "directory" | "fifo" }[]) {
  const archive = pack();
  for (const { name, content = Buffer.alloc(0), type } of files) {
    archive.entry({ name, type, ...(type === "symlink" && { linkname: "/etc/passwd" }) }, content);
  }
  archive.finalize();
  return Buffer.concat(await Readable.from(archive).toArray());
}

describe("a zip archive", () => {
  it("gives each picture with the folder it lies in, stored or deflated", async () => {
    const archive = zipOf([
      { name: "all/reds/1.png", content: red, deflate: true },
      { name: "2.jpg", content: blue },
    ]);
    const found = await opened("pets.zip", { "pets.zip": archive });
    expect(found).toEqual({
      pictures: { "all/reds/1.png": bytes(red)[0], "2.jpg": bytes(blue)[0] },
      raw: [
        '{"picture":"all/reds/1.png","folder":"reds","outer_folder":"all"}',
        '{"picture":"2.jpg","folder":""}',
      ],
      problems: [],
    });
  });

  it.each<[string, Partial<ZipFile>, string]>([
    ["climbs out of its folder", { name: "../a.png" }, "bad-name"],
    ["has an absolute name", { name: "/etc/a.png" }, "bad-name"],
    ["has a drive's name", { name: "C:/a.png" }, "bad-name"],
    ["has backslashes", { name: "a\\b.png" }, "bad-name"],
    ["has a line end in its name", { name: "a\nb.png" }, "bad-name"],
    ["is a link", { mode: 0o120_777 }, "link"],
    ["is empty", { content: Buffer.alloc(0) }, "empty"],
    ["is text", { name: "a.jpg", content: Buffer.from("not a picture") }, "no-picture"],
    [
      "is an SVG",
      { content: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="http://x/"/></svg>') },
      "no-picture",
    ],
    ["is an archive itself", { content: zipOf([{ name: "b.png", content: red }]) }, "archive"],
    ["claims far more than it packs", { content: Buffer.alloc(1_000_000), deflate: true }, "packed-bomb"],
    ["claims more than any picture has", { claimedBytes: 200 * 2 ** 20 }, "too-large"],
    [
      "holds more than it claims",
      { content: Buffer.alloc(5_000, "ab"), deflate: true, claimedBytes: 100 },
      "damaged",
    ],
    ["is encrypted", { flags: 0x801 }, "encrypted"],
    ["is packed by an unknown method", { method: 99 }, "damaged"],
  ])("lists a file that %s, and takes the rest", async (_what, file, reason) => {
    const odd = { name: "odd.png", content: red, ...file };
    const found = await opened("p.zip", { "p.zip": zipOf([odd, { name: "good.jpg", content: blue }]) });
    expect(found.problems).toEqual([[odd.name, reason]]);
    expect(found.pictures).toEqual({ "good.jpg": bytes(blue)[0] });
  });

  it("takes the first of two pictures of one name", async () => {
    const archive = zipOf([
      { name: "a.png", content: red },
      { name: "a.png", content: blue },
    ]);
    const found = await opened("p.zip", { "p.zip": archive });
    expect([found.pictures, found.problems]).toEqual([
      { "a.png": bytes(red)[0] },
      [["a.png", "duplicate-name"]],
    ]);
  });

  it("passes over what systems put beside pictures", async () => {
    const names = ["__MACOSX/._a.png", ".DS_Store", "a/Thumbs.db"];
    const archive = zipOf(names.map((name) => ({ name, content: red })));
    expect(await opened("p.zip", { "p.zip": archive })).toEqual({ pictures: {}, raw: [], problems: [] });
  });

  it("is refused where its files overlap", async () => {
    const archive = zipOf([{ name: "a.png", content: red }]);
    const size = archive.readUInt32LE(archive.indexOf("PK\x01\x02") + 20);
    archive.writeUInt32LE(size + archive.length, archive.indexOf("PK\x01\x02") + 20);
    archive.writeUInt32LE(size + archive.length, archive.indexOf("PK\x01\x02") + 24);
    await expect(opened("p.zip", { "p.zip": archive })).rejects.toMatchObject({ code: "invalid-input" });
  });

  it.each([
    ["cut off", (archive: Buffer) => archive.subarray(0, archive.length - 30)],
    ["not one at all", () => Buffer.from("hello".repeat(20))],
    ["empty", () => Buffer.alloc(0)],
  ])("is refused where it is %s", async (_what, damage) => {
    const archive = damage(zipOf([{ name: "a.png", content: red }]));
    await expect(opened("p.zip", { "p.zip": archive })).rejects.toThrow(
      /data\/p.zip: this is not a whole zip archive/,
    );
  });

  it("is read in blocks, not file by file", async () => {
    const files = Array.from({ length: 200 }, (_, index) => ({ name: `${index}.png`, content: red }));
    const store = memoryStore({ [keys.data(task, FileName.parse("p.zip"))]: zipOf(files) });
    let requests = 0;
    const counted: ObjectStore["read"] = (...asked) => {
      requests += 1;
      return store.read(...asked);
    };
    const { pictures } = await read({ ...store, read: counted }, "p.zip");
    expect([Object.keys(pictures).length, requests]).toEqual([200, expect.toSatisfy((count) => count < 8)]);
  });
});

describe("a tar archive", () => {
  const files = [
    { name: "cats", type: "directory" as const },
    { name: "cats/1.png", content: red },
    { name: `${"long/".repeat(40)}2.jpg`, content: blue },
    { name: "evil", type: "symlink" as const },
    { name: "pipe", type: "fifo" as const },
    { name: "../up.png", content: red },
  ];
  const expected = {
    pictures: { "cats/1.png": bytes(red)[0], [files[2].name]: bytes(blue)[0] },
    problems: [
      ["evil", "link"],
      ["pipe", "link"],
      ["../up.png", "bad-name"],
    ],
  };

  it("gives its pictures, and lists links and names that lead out of it", async () => {
    expect(await opened("p.tar", { "p.tar": await tarOf(files) })).toMatchObject(expected);
  });

  it("may be gzipped", async () => {
    expect(await opened("p.tar.gz", { "p.tar.gz": gzipSync(await tarOf(files)) })).toMatchObject(expected);
  });

  it("is refused where it is cut off", async () => {
    const archive = (await tarOf(files)).subarray(0, 700);
    await expect(opened("p.tar", { "p.tar": archive })).rejects.toThrow(
      "data/p.tar: this is not a whole tar archive",
    );
  });
});

describe("a folder", () => {
  it("gives the pictures that lie in it, and passes over its mark", async () => {
    const found = await opened("pets", { "pets/cats/1.png": red, "pets/2.jpg": blue, "pets/_SUCCESS": "" });
    expect(found).toEqual({
      pictures: { "2.jpg": bytes(blue)[0], "cats/1.png": bytes(red)[0] },
      raw: ['{"picture":"2.jpg","folder":""}', '{"picture":"cats/1.png","folder":"cats"}'],
      problems: [],
    });
  });
});

describe("a table that names pictures", () => {
  it("keeps its rows, and lists what is missing or lies outside the task's data", async () => {
    const lines = ["a/1.png", "a/2.png", "../../other/data/a.png", "s3://bucket/a.png", "/etc/passwd", ""];
    const found = await opened("list.csv", {
      "list.csv": `picture,price\n${lines.map((name) => `${name},1\n`).join("")}`,
      "a/1.png": red,
    });
    expect(found.pictures).toEqual({ "a/1.png": bytes(red)[0] });
    expect(found.raw).toEqual(["a/1.png,1"]);
    expect(found.problems.map(([, reason]) => reason)).toEqual([
      "missing",
      "outside-task",
      "outside-task",
      "outside-task",
      "missing",
    ]);
  });
});
