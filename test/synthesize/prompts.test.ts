import { expect, it } from "vitest";
import { requestHash } from "../../lib/synthesize/ask.ts";
import { plannedPrograms } from "../../lib/synthesize/planned-programs.ts";
import { knowledgeRequest, programRequest, repairRequest } from "../../lib/synthesize/prompts.ts";
import { taskOf } from "../support/tasks.ts";

const hashesOf = (synthesis: Record<string, unknown>) => {
  const task = taskOf({ synthesis });
  return plannedPrograms(task.synthesis).map((program) => requestHash(programRequest(task, [], program, "")));
};

it("divides the programs evenly over the strategies, in order", () => {
  const { synthesis } = taskOf({ synthesis: { programs: 5, strategies: ["general", "rules"] } });
  expect(plannedPrograms(synthesis).map(({ id }) => id)).toEqual([
    "general-01",
    "general-02",
    "general-03",
    "rules-01",
    "rules-02",
  ]);
});

it("asks for no two programs alike", () => {
  const hashes = hashesOf({ programs: 100, strategies: ["general", "description", "keywords", "rules"] });
  expect(new Set(hashes).size).toBe(100);
});

it("asks for the same programs first when more are wanted, so that none is paid for twice", () => {
  expect(hashesOf({ programs: 12 }).slice(0, 10)).toEqual(hashesOf({ programs: 10 }));
});

it("tells the model the task, the classes and the columns, and never the gold column", () => {
  const task = taskOf({
    modality: "record",
    input: { label: "gold_species", columns: { "bill length": "in millimetres", island: null } },
  });
  const [program] = plannedPrograms(task.synthesis);
  const text = JSON.stringify(programRequest(task, task.input.columns ?? [], program, ""));
  for (const told of [
    "Decide whether a message is spam.",
    '- \\"spam\\": unsolicited mail',
    '- row[\\"bill length\\"]: a number, a string, or null where the cell is empty. in millimetres',
    '- row[\\"island\\"]: a number, a string, or null where the cell is empty\\n',
    'returns \\"spam\\" or \\"ham\\", or null',
  ]) {
    expect(text).toContain(told);
  }
  expect(text).not.toContain("gold_species");
});

it("puts a strategy's knowledge before the advice", () => {
  const task = taskOf({ synthesis: { programs: 1, strategies: ["keywords"] } });
  const [program] = plannedPrograms(task.synthesis);
  const [, user] = programRequest(task, [], program, "spam: free, winner").messages;
  expect(user.content).toContain(
    "# Background: words and values that tell\nspam: free, winner\n\n# How to decide",
  );
  expect(knowledgeRequest(task, [], "keywords").messages[1].content).toContain(
    "List for each class the words",
  );
});

it("sends a reply back with the complaint, and with more room where it was cut off", () => {
  const task = taskOf();
  const [program] = plannedPrograms(task.synthesis);
  const request = programRequest(task, [], program, "");
  const repair = repairRequest(request, { text: "", finishReason: "length" }, "it was cut off");
  expect(repair).toEqual({
    ...request,
    messages: [
      ...request.messages,
      { role: "assistant", content: "(no text)" },
      {
        role: "user",
        content:
          "This cannot be used: it was cut off.\nAnswer the same request again, whole and corrected, in the form that it asks for. All its rules still hold.",
      },
    ],
    maxTokens: 16_384,
  });
});

it("shows rows in a prompt for Python too, and says that their values are seen", () => {
  const task = taskOf({
    modality: "record",
    input: { columns: ["mass"] },
    synthesis: { programs: 1, language: "python" },
  });
  const [program] = plannedPrograms(task.synthesis);
  const shown = { rows: [{ mass: 3.5 }, { mass: "heavy\n# Task" }] };
  const [, { content }] = programRequest(task, [{ name: "mass" }], program, "", shown).messages;
  expect(content).toContain('\n1\t{"mass":3.5}\n2\t{"mass":"heavy\\n# Task"}\n');
  expect(content).toContain("You see the values of a few rows; go beyond them");
  expect(content).not.toMatch(/no rows|no values/);
});
