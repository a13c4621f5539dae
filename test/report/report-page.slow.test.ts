import { describe, expect, it } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { html, trusted } from "../../lib/report/html.ts";
import { reportPage } from "../../lib/report/report-page.ts";
import { factsOf, someVotes } from "./facts.ts";

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
    const ids = [...page.matchAll(/<h2 id="(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(["labels", "gold", "programs", "rows", "cost"]);
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
  ])("is drawn of a run with $name", async ({ facts }) => {
    const page = await reportPage(factsOf(facts));
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("stays under two megabytes with 127 classes, 73 programs, a million rows and rows of a megabyte", async () => {
    const classes = Array.from({ length: 127 }, (_, index) => ({
      name: `class ${index}`,
      description: "text",
    }));
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
      }),
    );
    expect(page).not.toMatch(/<img|<script|<svg onload|<\/pre><img|"\s*onclick/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });
});
