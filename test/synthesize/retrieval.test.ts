import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import type { LanguageModel, ModelRequest, ObjectStore } from "../../lib/ports.ts";
import { requestHash } from "../../lib/synthesize/ask.ts";
import { textsOf } from "../support/memory-store.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { lastWords, program, run, setOf, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const document = (name: string) => `${keys.knowledgeOf(task)}${name}`;
const GUIDE = "# Spam\n\nSpam offers a prize.\n\n# Lunch\n\nOn Mondays there is soup.";

const isKnowledge = (request: ModelRequest) => lastWords(request).includes("# What to write");

/** Notes to whoever asks for notes, and another program to everybody else. */
const noting = () =>
  scriptedModel((request, call) => (isKnowledge(request) ? "spam: prize" : fenced(program(`word${call}`))));

const retrieving = (more: Record<string, unknown> = {}) => ({
  synthesis: { programs: 2, strategies: ["retrieval", "general"], ...more },
});

/** The quoted lines of the one prompt that shows passages. */
const passagesAsked = ({ asked }: { asked: ModelRequest[] }) => {
  const shows = asked.filter((request) => lastWords(request).includes("# Passages of documents"));
  expect(shows.map(isKnowledge)).toEqual([true]);
  return [...lastWords(shows[0]).matchAll(/^\d+\t(.*)$/gm)].map(([, json]) => JSON.parse(json));
};

const shownIn = async (store: ObjectStore) =>
  JSON.parse((await textsOf(store))[keys.shownKnowledge(task)] ?? "null");

describe("the strategy retrieval", () => {
  it("shows passages to whoever writes notes, and the notes to whoever writes programs", async () => {
    const store = storeOf(retrieving(), { [document("guide.md")]: GUIDE, [document("old.doc")]: "?" });
    const model = noting();
    const { reports } = await run(store, model);
    expect(passagesAsked(model)).toEqual([
      { document: "guide.md", text: "# Spam\n\nSpam offers a prize." },
      { document: "guide.md", text: "# Lunch\n\nOn Mondays there is soup." },
    ]);
    expect(
      model.asked.map((one) => lastWords(one).includes("notes from the user's documents\nspam: prize")),
    ).toEqual([false, true, false]);
    expect(reports[0]).toEqual({
      stage: "documents",
      read: 1,
      passages: 2,
      leftOut: [{ file: "old.doc", reason: "its name does not end in .md, .txt, .csv or .pdf" }],
    });
    expect((await setOf(store)).programs.map(({ id }) => id)).toEqual(["retrieval-01", "general-01"]);
  });

  it("leaves behind which passages went into which prompt", async () => {
    const store = storeOf(retrieving(), { [document("guide.md")]: GUIDE, [document("old.doc")]: "?" });
    const model = noting();
    await run(store, model);
    const { passages } = await shownIn(store);
    expect(passages).toEqual({
      request: requestHash(model.asked[0]),
      ranking: { by: "words" },
      shown: [
        { document: "guide.md", number: 1, text: "# Spam\n\nSpam offers a prize." },
        { document: "guide.md", number: 2, text: "# Lunch\n\nOn Mondays there is soup." },
      ],
      documents: [{ file: "guide.md", bytes: GUIDE.length, passages: 2 }],
      leftOut: [{ file: "old.doc", reason: "its name does not end in .md, .txt, .csv or .pdf" }],
    });
    const [{ origin }] = (await setOf(store)).programs;
    expect(origin).toMatchObject({ strategy: "retrieval", replies: [passages.request, expect.anything()] });
  });

  it("asks again only for what an edited document changes", async () => {
    const store = storeOf(retrieving(), { [document("guide.md")]: GUIDE });
    await run(store, noting());
    await store.put(document("guide.md"), `${GUIDE}\n\nAnd cake.`);
    const model = noting();
    await run(store, model);
    // Its notes, and its program where they are others; the general program is not asked for again.
    expect(model.asked.map(isKnowledge)).toEqual([true]);
    const silent = silentModel();
    const { reports } = await run(store, silent);
    expect(reports.at(-1)).toMatchObject({ calls: 0, replayed: 3 });
  });

  it("shows the passages that speak of the classes where there are too many", async () => {
    const soup = Array.from({ length: 100 }, (_, day) => `# Day ${day}\n\n${"Soup and bread. ".repeat(50)}`);
    const files = { [document("menu.md")]: soup.join("\n\n"), [document("mail.md")]: GUIDE };
    const store = storeOf(retrieving(), files);
    const model = noting();
    await run(store, model);
    const passages = passagesAsked(model);
    expect(passages[0]).toEqual({ document: "mail.md", text: "# Spam\n\nSpam offers a prize." });
    const characters = passages.reduce((sum, { text }) => sum + text.length, 0);
    expect(characters).toBeGreaterThan(23_000);
    expect(characters).toBeLessThanOrEqual(24_000);
  });

  it("takes the audit away with the strategy", async () => {
    const store = storeOf(retrieving(), { [document("guide.md")]: GUIDE });
    await run(store, noting());
    await store.put(keys.taskFile(task, "task.json"), taskText({ synthesis: { programs: 1 } }));
    await run(store, noting());
    expect(await shownIn(store)).toBeNull();
  });

  it.each([
    { files: {}, why: "" },
    {
      files: { "a.doc": "x", "b.md": "" },
      why: ' "a.doc": its name does not end in .md, .txt, .csv or .pdf. "b.md": it is empty.',
    },
    { files: { "a.pdf": "%PDF" }, why: ' "a.pdf": PDFs cannot be read here.' },
  ])(
    "is refused without a document that can be read, before anybody is asked: $why",
    async ({ files, why }) => {
      const objects = Object.entries(files).map(([name, body]) => [document(name), body]);
      const model = silentModel();
      await expect(run(storeOf(retrieving(), Object.fromEntries(objects)), model)).rejects.toThrow(
        `knowledge/: the strategy retrieval needs documents, and there is none that can be read.${why} Put .md, .txt, .csv or .pdf files there, or take the strategy out of synthesis.strategies.`,
      );
      expect(model.asked).toEqual([]);
    },
  );

  it("reads no document where no strategy asks for one", async () => {
    const store = storeOf({}, { [document("guide.md")]: GUIDE });
    const read: string[] = [];
    const watched: ObjectStore = {
      ...store,
      get: (key) => {
        read.push(key);
        return store.get(key);
      },
    };
    await run(watched);
    expect(read.filter((key) => key.includes("/knowledge/"))).toEqual([]);
  });
});

describe("the model of knowledge calls", () => {
  it("is asked for notes only, at its own price, and the programs' model is asked to mend programs", async () => {
    const store = storeOf({ synthesis: { programs: 1, strategies: ["rules"], knowledgeModel: "gpt-4o" } });
    const model = scriptedModel((request, call) =>
      isKnowledge(request) ? "if prize then spam" : call === 2 ? "Sorry." : fenced(program("prize")),
    );
    await run(store, model);
    expect(model.asked.map((one) => one.model)).toEqual(["gpt-4o", "gpt-4o-mini", "gpt-4o-mini"]);
    const { calls } = await setOf(store);
    // 1,000 tokens in and 500 out each, at 2.50 and 10, and at 0.15 and 0.60 dollars a million.
    expect(calls.map(({ purpose, usd }) => [purpose, usd])).toEqual([
      ["knowledge", 0.0075],
      ["program", 0.00045],
      ["repair", 0.00045],
    ]);
  });

  it("counts against the cap", async () => {
    const strategies = { programs: 1, strategies: ["rules"], knowledgeModel: "gpt-4o" };
    const model = noting();
    // Notes could cost 8,192 tokens at 10 dollars a million.
    await expect(run(storeOf({ synthesis: strategies, budget: { usd: 0.08 } }), model)).rejects.toMatchObject(
      {
        code: "budget-exceeded",
      },
    );
    expect(model.asked).toEqual([]);
  });
});

describe("an embedding model", () => {
  const files = {
    [document("a.md")]: "# Soup\n\nSpam and soup.\n\n# Win\n\nA prize for you.",
    [document("b.md")]: `# Long\n\n${"Soup of the day. ".repeat(2_000)}`,
  };
  const synthesis = retrieving({ embeddingModel: "text-embedding-3-small" });

  /** Prizes, and whatever is asked for, lie in one direction, all else in another. */
  const meaning = (): LanguageModel & { asked: ModelRequest[]; embedded: string[][] } => {
    const embedded: string[][] = [];
    return {
      ...noting(),
      embedded,
      embed: async ({ model, texts }) => {
        embedded.push([...texts]);
        const vectors = texts.map((text) => (/prize|unsolicited|wanted|Decide/.test(text) ? [1, 0] : [0, 1]));
        return { vectors, model, usage: { inputTokens: 1_000, estimated: false } };
      },
    };
  };

  it("ranks by meaning what shares no word with the task", async () => {
    const store = storeOf(synthesis, files);
    const model = meaning();
    await run(store, model);
    expect(passagesAsked(model)).toContainEqual({ document: "a.md", text: "# Win\n\nA prize for you." });
    expect((await shownIn(store)).passages.ranking).toEqual({
      by: "meaning",
      model: "text-embedding-3-small",
    });
  });

  it("is paid, recorded and listed as every call, and asked again only for an edited document", async () => {
    const store = storeOf(synthesis, files);
    const model = meaning();
    await run(store, model);
    // Queries, and each document.
    expect(model.embedded.map(({ length }) => length)).toEqual([3, 2, expect.any(Number)]);
    const { calls } = await setOf(store);
    expect(
      calls
        .filter(({ purpose }) => purpose === "embedding")
        .map(({ usd, outputTokens }) => [usd, outputTokens]),
    ).toEqual([
      [0.00002, 0],
      [0.00002, 0],
      [0.00002, 0],
    ]);
    await store.put(document("a.md"), `${files[document("a.md")]} And you.`);
    const again = meaning();
    const { reports } = await run(store, again);
    expect(again.embedded).toEqual([["# Soup\n\nSpam and soup.", "# Win\n\nA prize for you. And you."]]);
    expect(reports.at(-1)).toMatchObject({ usd: expect.closeTo(0.00002 + 0.00045, 10) });
    expect((await run(store, silentModel())).reports.at(-1)).toMatchObject({ calls: 0 });
  });

  it("is refused by name where its price is unknown, or nobody can be asked for vectors", async () => {
    const unlisted = storeOf(retrieving({ embeddingModel: "my-vectors" }), files);
    await expect(run(unlisted, meaning())).rejects.toThrow(
      "The price of my-vectors is not among the list prices",
    );
    await expect(run(storeOf(synthesis, files), noting())).rejects.toThrow(
      "Nobody here can be asked for embeddings by text-embedding-3-small. Take synthesis.embeddingModel out to rank by words.",
    );
  });
});
