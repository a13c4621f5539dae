import { describe, expect, it } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import type { ShownPicture } from "../../lib/publish/shown-pictures.ts";
import { html, trusted } from "../../lib/report/html.ts";
import { reportPage } from "../../lib/report/report-page.ts";
import { factsOf, someVotes } from "./facts.ts";
import { verifiedBy } from "./verifications.ts";

/** What a page says, without its markup. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*<\/style>/s, "")
    .replace(/<\/?(bdi|strong|code|a|span|i)\b[^>]*>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

const classesOf = (classes: number) =>
  Array.from({ length: classes }, (_, index) => ({ name: `class ${index}`, description: "text" }));

describe("html", () => {
  it("takes values for text, lists for their parts, and nothing for nothing", () => {
    const list = ["<b>", trusted("<i>"), false, null, undefined, 3] as const;
    expect(html`<p title="${`"'&`}">${list}</p>`.markup).toBe(
      '<p title="&quot;&#39;&amp;">&lt;b&gt;<i>3</p>',
    );
  });

  it("writes out what shows nothing or turns text around", () => {
    expect(html`${"a\u202eb\u0000c\ud800d\n\té"}`.markup).toBe("a\\u202eb\\u0000c\ufffdd\n\té");
  });
});

describe("the report", () => {
  it("shows votes, programs, rows, cost and gold, and is the same each time", async () => {
    const gold = ["spam", "ham", "spam", "ham", "?"];
    const facts = factsOf({
      votes: [
        [0, 1, 0, -1, -1],
        [0, 1, 1, 0, -1],
      ],
      gold,
    });
    const page = await reportPage(facts);
    expect(await reportPage(facts)).toBe(page);
    const ids = [...page.matchAll(/<h2 id="([\w-]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(["verdict", "labels", "label-models", "gold", "programs", "rows", "cost"]);
    expect(page).toContain("4 rows have a gold label that is a class of the task.");
    expect(page).toContain("1 gold values are no class of the task and were left out.");
    for (const words of ["Least sure", "Without a vote", "row number 3", "$0.0010"]) {
      expect(page).toContain(words);
    }
    expect(page).not.toMatch(/<script|\son\w+=|\sstyle=|https?:\/\/(?!www\.w3\.org\/)/);
  });

  it("says without gold that confidence is an estimate, and leaves accuracy out", async () => {
    const page = await reportPage(factsOf({ votes: [[0, 1, -1]] }));
    expect(page).toContain("confidence is its estimate, not a measured accuracy");
    expect(page).not.toContain("Accuracy");
  });

  it("says of how many rows gold labels calibrated the label model", async () => {
    const facts = factsOf({ votes: [[0, 1, -1]] });
    const { labelModel } = facts.receipt;
    const receipt = { ...facts.receipt, labelModel: { ...labelModel, goldRows: 200 } };
    expect(await reportPage(facts)).toContain("no gold label was used.");
    const page = await reportPage({ ...facts, receipt });
    expect(page).toContain("gold labels of 200 rows calibrated it.");
    expect(page).not.toContain("no gold label was used");
  });

  it("shows verdict, end model, routed rows and failures, each in words with its numbers", async () => {
    const page = await reportPage(
      factsOf({
        votes: [
          [0, 1, 0, -1],
          [0, 1, 1, 0],
        ],
        verified: verifiedBy(),
        endModel: { name: "linear", trainedOn: 200, heldOut: 40, agreement: 0.95, alone: 12, changed: 3 },
        faults: [
          {
            faults: { error: 2, badReturn: 0, timeout: 0, killed: 0, compile: 0 },
            first: { error: { shard: 0, row: 2 } },
          },
        ],
      }),
    );
    const text = textOf(page);
    for (const words of [
      "Verdict: hybrid",
      "Agreement 84.0 %, 95 % interval 75.6 % to 89.9 %; the margin asks for 90.0 %",
      "Compared: 100 of 100 rows drawn at random, labeled by gpt-4o-mini, 10 calls, $0.002000.",
      "Most often labeled otherwise: spam, 10 of its 40 rows; ham, 6 of its 60 rows.",
      "spam 40 34 30 75.0 % (59.8 % to 85.8 %)",
      "Only 40 of 100 sampled rows could be compared. Ask again.",
      "Of 40 rows first held out it labeled 95.0 % as the label model does.",
      "Alone, where no program voted: 12 rows.",
      "Of 40 rows that the programs are not certain of, the model labeled 30, 12 of them otherwise",
      "9.5 labels to be mended by that, 52 a dollar.",
      "program-0 2 3 it threw an error",
      "72 of 80",
    ]) {
      expect(text).toContain(words);
    }
    const at = (id: string) => page.indexOf(`id="${id}"`);
    const order = ["verdict", "warnings", "labels", "labelers", "label-models", "programs", "faults", "rows"];
    expect(order.toSorted((one, other) => at(one) - at(other))).toEqual(order);
  });

  it("shows the chosen label model beside the others, and which of them differs most", async () => {
    const text = textOf(
      await reportPage(
        factsOf({
          votes: [
            [0, 0, 0, 1, 1, 0],
            [0, 0, 1, 1, 1, 1],
            [0, 1, 0, 1, 0, 1],
          ],
        }),
      ),
    );
    expect(text).toContain("Label model: auto");
    for (const name of ["auto, chosen", "majority", "weighted", "ibcc", "snorkel", "triplet"]) {
      expect(text).toMatch(new RegExp(`${name} [\\d.]+ %`));
    }
  });

  it("shows pictures and their scores, as many as the page shows rows, and cuts what is long", async () => {
    const thumbnail = new Uint8Array(8_000).fill(7);
    const scores = Array.from({ length: 40 }, (_, concept): NonNullable<ShownPicture["scores"]>[number] => [
      `concept ${concept}`,
      Array.from({ length: 9 }, (_, at) => [`description ${at}`, 0.1]),
    ]);
    const facts = factsOf({
      votes: someVotes(8, 400, 40),
      classes: classesOf(40),
      pictures: new Map(
        Array.from({ length: 400 }, (_, row) => [row + 1, { name: `${row}.png`, thumbnail, scores }]),
      ),
    });
    const page = await reportPage(facts);
    expect(page.match(/<img src="data:image\/jpeg;base64,/g)?.length).toBe(page.match(/<article>/g)?.length);
    expect(page).toContain("12 of 40 concepts.");
    expect(page).not.toContain("description 3");
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
  });

  it("says by whom a row is labeled where it is not by the votes", async () => {
    const facts = factsOf({
      votes: [
        [0, 1],
        [1, 1],
      ],
    });
    facts.notes.rows = facts.notes.rows.map((row) => ({ ...row, source: "endModel" }));
    expect(textOf(await reportPage(facts))).toContain("by the end model");
  });

  it.each([
    {
      name: "no votes",
      facts: {
        votes: [
          [-1, -1],
          [-1, -1],
        ],
      },
    },
    { name: "votes for one class only", facts: { votes: [[0, 0, 0, 0]] } },
    { name: "a single row", facts: { votes: [[1]] } },
    { name: "an older label model, without comparison", facts: { votes: [[0, 1]], compared: false } },
  ])("is drawn of a run with $name", async ({ facts }) => {
    const page = await reportPage(factsOf(facts));
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("stays under two megabytes with 127 classes, 73 programs, a million rows and rows of a megabyte", async () => {
    const classes = classesOf(127);
    const page = await reportPage(
      factsOf({
        votes: someVotes(73, 2_000, 127),
        labelModel: "majority",
        times: 500,
        classes,
        sources: Array.from({ length: 73 }, () => "x".repeat(100_000)),
        texts: Array.from({ length: 2_000 }, (_, row) => (row < 3 ? "word ".repeat(200_000) : "text")),
        gold: Array.from({ length: 2_000 }, (_, row) => `class ${row % 127}`),
      }),
    );
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(page).toContain("1,000,000");
    expect(page).toContain("A sample: of 1,000,000 rows");
    expect(textOf(page)).toContain("snorkel not compared: it looks at all pairs of votes");
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
  });

  it("keeps what is hostile as text: task, classes, programs, rows, whatever they hold", async () => {
    const evil = "</script></style></pre><img src=x onerror=alert(1)><svg onload=alert(2)>";
    const page = await reportPage(
      factsOf({
        name: evil,
        description: evil,
        votes: [
          [0, 1, 0],
          [0, 0, ABSTAIN],
        ],
        classes: [
          { name: evil, description: evil },
          { name: `${evil} 2`, description: '" onclick="' },
        ],
        sources: [evil, "]]><!--"],
        texts: [evil, `"${evil}`, "'"],
        gold: [evil, evil, `${evil} 2`],
        verified: verifiedBy({
          reason: evil,
          model: evil,
          classes: [{ name: evil, sample: 5, programs: 5, both: 1 }],
          warnings: [{ code: "x", message: evil, remedy: evil }],
        }),
        pictures: new Map([[1, { name: evil, thumbnail: Uint8Array.of(1), scores: [[evil, [[evil, 1]]]] }]]),
      }),
    );
    expect(page).not.toMatch(/<img src=x|<script|<svg onload|<\/pre><img|"\s*onclick/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });
});
