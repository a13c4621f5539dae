import type { TaskName } from "../../lib/contracts/names.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";

type Advance = Parameters<typeof advance>;

/** Drives a task from its synthesis to its labels. @param twice whether every message comes twice, and several at once */
export const driveTask = (task: TaskName, ports: Advance[1], settings: Advance[2], twice = false) =>
  drive(
    [{ stage: "synthesize", task }],
    async function* (message) {
      for await (const next of advance(message, ports, settings)) {
        yield next;
        if (twice) yield next;
      }
    },
    twice ? 4 : 1,
  );
