import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTaskFile } from "../../lib/contracts/task-file.ts";

const BASE = 'name: spam-email\ndescription: Decide\nclasses: { spam: "x", ham: "y" }\n';
const read = (text: string) => () => parseTaskFile(text, "task.yaml");

describe("a task file", () => {
  it("has defaults for all but name, description and classes", () => {
    expect(parseTaskFile(BASE, "task.yaml")).toEqual({
      name: "spam-email",
      description: "Decide",
      modality: "text",
      classes: [
        { name: "spam", description: "x" },
        { name: "ham", description: "y" },
      ],
      input: {},
      synthesis: {
        model: "gpt-4o-mini",
        programs: 10,
        examples: 0,
        strategies: ["general"],
        language: "javascript",
        temperature: 0.7,
        seed: 7,
        translate: false,
      },
      budget: { usd: 1 },
      hardening: "standard",
      verify: { rows: 100, by: "model", model: "gpt-4o-mini", margin: 0.1 },
      residual: undefined,
      balance: undefined,
      labelModel: "auto",
      endModel: "none",
      output: { format: "same", name: "pseudolabel" },
    });
  });

  it.each([
    { programs: 0, by: "model", rows: 0 },
    { programs: 0, by: "gold", rows: 100 },
    { programs: 5, by: "gold", rows: 100 },
  ])("has a sample where somebody can judge it: $programs programs, by $by", ({ programs, by, rows }) => {
    const more = `input: { label: gold }\nsynthesis: { programs: ${programs} }\nverify: { by: ${by} }`;
    expect(parseTaskFile(`${BASE}${more}`, "task.yaml").verify.rows).toBe(rows);
  });

  it("may be JSON, and may list classes and columns", () => {
    const task = parseTaskFile(
      '{"name":"j","description":"d","modality":"record","classes":["a","b"],"input":{"columns":["x"]}}',
      "task.json",
    );
    expect(task.classes).toEqual([
      { name: "a", description: "" },
      { name: "b", description: "" },
    ]);
    expect(task.input.columns).toEqual([{ name: "x", note: "" }]);
  });

  it.each([
    ["", "task.yaml: the file is empty. It needs at least name, description and classes."],
    [
      "name: a..b\ndescription: x\nclasses: [a, b]",
      "task.yaml:1: name: found \"a..b\". Expected a name without '..'.",
    ],
    ["name: a\nclasses: [a, b]", "task.yaml:1: description: found nothing. Expected text."],
    [
      `${BASE}lables: 1`,
      "task.yaml:4: lables: this field is unknown. Remove it, or check its spelling. Fields that may stand here: name, description, modality, classes, input, ",
    ],
    [
      "hello",
      'task.yaml:1: (file): found "hello". Expected fields below it; there may be name, description, ',
    ],
    [
      "name: a\ndescripton: x\nclasses: [a, b]",
      "task.yaml:2: descripton: this field is unknown. Remove it, or check its spelling. Fields that may stand here: name, ",
    ],
    [
      `${BASE}budget: { dollars: 1 }`,
      "task.yaml:4: budget.dollars: this field is unknown. Remove it, or check its spelling. Fields that may stand here: usd.",
    ],
    [
      `${BASE}budget: 0.5`,
      "task.yaml:4: budget: found 0.5. Expected fields below it, such as budget: { usd: … }; there may be usd.",
    ],
    [
      `${BASE}synthesis:\n  programs: ten`,
      'task.yaml:5: synthesis.programs: found "ten". Expected a number.',
    ],
    [
      `${BASE}output: { format: xml }`,
      'task.yaml:4: output.format: found "xml". Expected same or jsonl or csv or parquet.',
    ],
    [
      `${BASE}modality: image`,
      "task.yaml:1: features: found nothing. An image task needs features: { model: <name> }, such as clip-vit-b-32.",
    ],
    [
      `${BASE}modality: image\nfeatures: { model: m }\nsynthesis: { strategies: [rules, keywords] }`,
      'task.yaml:6: synthesis.strategies: found "keywords". Programs of an image task see no words: take general, description, rules or retrieval.',
    ],
    [
      `${BASE}synthesis: { strategies: [general, pixels] }`,
      'task.yaml:4: synthesis.strategies: found "pixels". Only pictures have pixels: take it out.',
    ],
    [
      `${BASE}modality: image\nfeatures: { model: m }\nsynthesis: { strategies: [pixels] }`,
      'task.yaml:6: synthesis.strategies: found "pixels". No program would see the model\'s scores: take features.model: pixels, or name another strategy beside it.',
    ],
    [
      `${BASE}modality: image\nfeatures: { model: pixels }\nsynthesis: { strategies: [general, pixels] }`,
      'task.yaml:6: synthesis.strategies: found "pixels". With features.model: pixels all programs see pixels: take it out.',
    ],
    [
      `${BASE}modality: image\nfeatures: { model: m }\nsynthesis: { examples: 3 }`,
      "task.yaml:6: synthesis.examples: the model is not shown pictures, so no rows can be shown. Take this out.",
    ],
    [
      `${BASE}modality: image\nfeatures: { model: pixels, concepts: { c: [x, y] } }`,
      "task.yaml:5: features.concepts: found beside model: pixels. Programs then see pixels, and no model looks at the pictures. Take it out, or name a model.",
    ],
    [
      `${BASE}modality: image\nfeatures:\n  model: pixels\n  about: x`,
      "task.yaml:7: features.about: found beside model: pixels. Programs then see pixels, and no model looks at the pictures. Take it out, or name a model.",
    ],
    [
      `${BASE}modality: image\nfeatures: { model: pixels, logitScale: 5 }`,
      "task.yaml:5: features.logitScale: found beside model: pixels. Programs then see pixels, and no model looks at the pictures. Take it out, or name a model.",
    ],
    [
      `${BASE}modality: image\nfeatures: { model: pixels }\nendModel: linear`,
      "task.yaml:6: endModel: found beside features.model: pixels. An end model over pictures learns from what a model sees of them. Take it out, or name a model.",
    ],
    [
      `${BASE}classes: { a: b }`,
      'task.yaml:4: found "classes" twice. Each class and each field can stand only once.',
    ],
    [
      "name: a\ndescription: x\nclasses: [a, a]",
      'task.yaml:3: classes: found the class "a" twice. Each class needs a name of its own.',
    ],
    ["name: a\ndescription: x\nclasses: [a]", "task.yaml:3: classes: found 1 classes. Expected 2 to 127."],
    [
      `name: a\ndescription: x\nclasses: [${Array.from({ length: 100 }, (_, label) => `c${label}`)}]\nlabelModel: snorkel\nsynthesis: { programs: 41 }`,
      'task.yaml:4: labelModel: "snorkel" compares all pairs of votes, of 4,096 programs × classes at most; here are 41 × 100. Take auto, or fewer programs.',
    ],
    [
      `${BASE}input: { text: label, label: label }`,
      'task.yaml:4: input.label: programs would see the gold column "label". Take it out of input.text and input.columns.',
    ],
    [
      "name: a\ndescription: x\nclasses: a, b",
      'task.yaml:3: classes: found "a, b". Expected a map of names to descriptions, or a list of names.',
    ],
    [
      `${BASE}synthesis: { strategies: [generl] }`,
      'task.yaml:4: synthesis.strategies: found ["generl"]. Expected auto, or a list of general, description, exemplars, keywords, rules, retrieval, pixels.',
    ],
    [
      `${BASE}modality: record\ninput: { text: t }`,
      "task.yaml:5: input.text: a record task has no text column. Name it among input.columns, or set modality: text.",
    ],
    [
      "name: a\ndescription: Decide: spam or ham\nclasses: [a, b]",
      "task.yaml:2: Nested mappings are not allowed in compact mappings. Put quotes around a value that holds a colon.",
    ],
    [
      `${BASE}input: *id`,
      "task.yaml: Unresolved alias (the anchor must be set before the alias): id. Write the value out instead.",
    ],
  ])("is refused with line, field, what was found and what is expected: %j", (text, message) => {
    expect(read(text)).toThrow(message);
  });

  it("is refused for a map of 100,000 classes without a second look at each", () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `  c${index}: d\n`);
    expect(read(`name: a\ndescription: x\nclasses:\n${names.join("")}`)).toThrow(
      "found 100000 classes. Expected 2 to 127.",
    );
  });

  it("is refused for 100,000 classes in one line", () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `c${index}`);
    expect(read(`name: a\ndescription: x\nclasses: [${names.join(",")}]`)).toThrow(
      "found 100000 classes. Expected 2 to 127.",
    );
  });

  it("is read or refused with its name in the message, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => `${BASE}input: ${text}`),
        ),
        (text) => {
          try {
            parseTaskFile(text, "task.yaml");
          } catch (error) {
            expect(error).toMatchObject({
              code: "invalid-input",
              message: expect.stringMatching(/^task\.yaml/),
            });
          }
        },
      ),
    );
  });
});
