import { expect, it } from "vitest";
import type { Hash } from "../../lib/contracts/names.ts";
import type { RecordedReply } from "../../lib/contracts/objects.ts";
import type { ModelRequest } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { replyLengths } from "../../lib/prices/reply-lengths.ts";
import { requestHash } from "../../lib/synthesize/ask.ts";
import { conceptNamesRequest, descriptionsRequest } from "../../lib/synthesize/concept-prompts.ts";
import { estimateSynthesis } from "../../lib/synthesize/estimate.ts";
import { foreseenConcepts } from "../../lib/synthesize/foreseen-concepts.ts";
import { scoresColumns } from "../../lib/synthesize/prompt-columns.ts";
import { CONCEPTS, DESCRIPTIONS_REPLY, imageTask, NAMES_REPLY } from "../support/image-tasks.ts";
import { taskOf } from "../support/tasks.ts";

const task = taskOf(imageTask({ synthesis: { programs: 4 } }));
const names = conceptNamesRequest(task);
const descriptions = descriptionsRequest(
  task,
  CONCEPTS.map(({ name }) => name),
);

const recordings = (...replies: [ModelRequest, string][]): Map<Hash, RecordedReply> =>
  new Map(
    replies.map(([request, text]) => {
      const usage = { inputTokens: 1, outputTokens: 1, estimated: false };
      const reply = { text, model: request.model, finishReason: "stop", usage };
      return [requestHash(request), { request, reply, usd: 0.001, recorded: "2026-01-31" }];
    }),
  );

const foreseen = async (known: Map<Hash, RecordedReply>) => {
  const concepts = await foreseenConcepts(task, known);
  const columns = scoresColumns(task, concepts.concepts);
  return {
    concepts,
    plan: estimateSynthesis(task, {
      prices: listPrices,
      columns,
      recordings: known,
      lengths: replyLengths,
      concepts,
    }),
  };
};

it("foresees two calls for concepts and one a program before anything is known", async () => {
  const { plan } = await foreseen(recordings());
  expect(plan.calls).toMatchObject({ low: 6, high: 8 });
  expect(plan.recorded.calls).toBe(0);
});

it("foresees the descriptions of the names that are recorded", async () => {
  const { plan, concepts } = await foreseen(recordings([names, NAMES_REPLY]));
  expect(concepts.open).toEqual([descriptions]);
  expect(plan.calls).toMatchObject({ low: 5, high: 7 });
  expect(plan.recorded).toEqual({ calls: 1, usd: 0.001 });
});

it("foresees programs over the concepts that are recorded", async () => {
  const { plan, concepts } = await foreseen(
    recordings([names, NAMES_REPLY], [descriptions, DESCRIPTIONS_REPLY]),
  );
  expect(concepts).toMatchObject({ concepts: CONCEPTS, open: [] });
  expect(plan.calls).toMatchObject({ low: 4, high: 6 });
});

it("foresees no call for concepts that the task file gives", async () => {
  const given = taskOf(imageTask({ features: { model: "tiny", concepts: { ears: ["pointed", "floppy"] } } }));
  expect(await foreseenConcepts(given, recordings())).toEqual({
    concepts: [{ name: "ears", descriptions: ["pointed", "floppy"] }],
    open: [],
    found: [],
  });
});
