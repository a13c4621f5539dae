import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { goldFileOf, goldFinder, goldLabels } from "../../lib/fan-out/gold-labels.ts";
import { memoryStore } from "../support/memory-store.ts";
import { taskOf } from "../support/tasks.ts";

const task = taskOf({ input: { id: "id", label: "class" }, gold: ["calibrate"] });

/** What is read of a gold file of this content. */
async function read(content: string, name: "gold.csv" | "gold.jsonl" = "gold.csv") {
  const store = memoryStore({ [keys.gold(task.name, name)]: content });
  const file = await goldFileOf(task, store);
  if (file === undefined) throw new Error("no use of gold");
  return goldLabels(task, file, store);
}

describe("gold", () => {
  it.each([
    { name: "CSV", file: "gold.csv", content: 'class,id,note\nham,a,\nspam,"b, c",yes\n,d,\nham,a,again\n' },
    {
      name: "JSON Lines",
      file: "gold.jsonl",
      content: '{"id":"a","class":"ham"}\n{"id":"b, c","class":"spam"}\n{"id":"d","class":null}\n',
    },
  ] as const)(
    "is read from $name: a label an id, those without a label left out",
    async ({ file, content }) => {
      const labels = [...(await read(content, file))].map(([id, { label }]) => [id, label]);
      expect(labels).toEqual([
        ["a", 1],
        ["b, c", 0],
      ]);
    },
  );

  it.each([
    {
      name: "a label that is no class",
      content: "id,class\na,ham\nb,junk",
      message: 'gold.csv:3: found the label "junk". Expected a class of the task: "spam", "ham".',
    },
    {
      name: "two labels of one row",
      content: "id,class\na,ham\nb,ham\na,spam",
      message:
        'gold.csv:4: the row "a" is labeled "spam", and "ham" on line 2. Gold has one label a row: decide which is right.',
    },
    {
      name: "a label without an id",
      content: "id,class\n,ham",
      message: 'gold.csv:2: this label has no "id". Name the row that it belongs to.',
    },
    {
      name: "a missing column",
      content: "id,label\na,ham",
      message:
        'gold.csv: there is no column "class". Gold has a column of ids and one of labels, called as input.id and input.label of the task file.',
    },
    {
      name: "a line of other length",
      content: "id,class\na,ham,b",
      message: "gold.csv:2: found 3 cells. Expected 2, as in the header. Mend the line, or take it out.",
    },
    {
      name: "no label at all",
      content: "id,class\na,",
      message: 'gold.csv: there is no label in it, in the column "class".',
    },
  ])("is refused with file, line and remedy: $name", async ({ content, message }) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it("is refused where there are two files", async () => {
    const store = memoryStore({
      [keys.gold(task.name, "gold.csv")]: "id,class",
      [keys.gold(task.name, "gold.jsonl")]: "",
    });
    await expect(goldFileOf(task, store)).rejects.toThrow(
      "gold: the task folder has gold.csv and gold.jsonl. Keep one of them.",
    );
  });

  it("is found by id while rows go by: the first row of an id, and what no row has", () => {
    const labels = new Map([
      ["a", { label: 1, line: 2 }],
      ["b", { label: 0, line: 3 }],
      ["c", { label: 0, line: 4 }],
    ]);
    const gold = goldFinder(labels);
    for (const [row, id] of ["x", "c", "a", "c"].entries()) gold.meet(id, 7, row);
    expect(gold.found()).toEqual({
      rows: [
        [7, 1, 0],
        [7, 2, 1],
      ],
      strangers: 1,
      firstStranger: { id: "b", line: 3 },
    });
  });
});

it.each([
  { name: "without a column of ids", more: { gold: ["calibrate"] }, message: /gold.*Name it in input.id/ },
  {
    name: "to choose without an end model",
    more: { input: { id: "id" }, gold: ["choose"] },
    message: /found "choose" and no end model to choose. Set endModel: linear, or take it out/,
  },
  { name: "for nothing", more: { input: { id: "id" }, gold: [] }, message: /gold/ },
])("a task that wants gold $name is refused", ({ more, message }) => {
  expect(() => taskOf(more)).toThrow(message);
});
