import { ABSTAIN } from "../contracts/columns.ts";
import { type Hash, ShardIndex } from "../contracts/names.ts";
import { InvalidInputError } from "../errors.ts";
import { type LabeledFile, storedShard } from "../explain/labeled-file.ts";
import { loadShard } from "../features/picture-shard.ts";
import type { ObjectStore } from "../ports.ts";
import type { Contender, EvaluatedRun } from "./compare.ts";

/**
 * Another task's labels of the same pictures, found by what the pictures are.
 *
 * @throws InvalidInputError where its classes are others, or it has not seen one of them
 */
export async function otherLabels(
  of: EvaluatedRun,
  { store, labeled }: { store: ObjectStore; labeled: LabeledFile },
): Promise<Contender> {
  const { task, run, source } = labeled;
  const { classes } = of.run;
  const strange = run.classes.find((name) => !classes.includes(name));
  if (strange !== undefined || run.classes.length !== classes.length) {
    throw new InvalidInputError(
      "--beside",
      `the classes of ${task} are ${run.classes.join(", ")}, and those of ${of.task} ${classes.join(", ")}. Name a task with the same classes.`,
    );
  }
  if (run.features === undefined) {
    throw new InvalidInputError("--beside", `${task} labels no pictures. Name a task that labels the same.`);
  }
  const labels = new Map<Hash, number>();
  for (const at of source.shards.keys()) {
    const { shard } = await storedShard(store, labeled, at);
    const pictures = await loadShard(store, task, run.source, ShardIndex.parse(at));
    for (const [row, { hash }] of pictures.entries()) {
      const { label } = shard.distinct[shard.which[row]];
      labels.set(hash, label === null ? ABSTAIN : classes.indexOf(label));
    }
  }
  return {
    name: run.features.concepts === undefined ? "pixel programs" : task,
    async predict(shard) {
      const pictures = await loadShard(of.store, of.task, of.run.source, shard);
      return Int8Array.from(pictures, ({ hash, name }) => {
        const label = labels.get(hash);
        if (label !== undefined) return label;
        throw new InvalidInputError(
          "--beside",
          `${task} has not seen the picture ${JSON.stringify(name.slice(0, 200))}. Label the same file with both tasks.`,
        );
      });
    },
  };
}
