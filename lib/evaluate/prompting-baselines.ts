import type { ShardIndex, TaskName } from "../contracts/names.ts";
import type { Run } from "../contracts/objects.ts";
import { pictureEmbeddings } from "../features/picture-embeddings.ts";
import { loadShard } from "../features/picture-shard.ts";
import type { ImageTextModel, ObjectStore } from "../ports.ts";
import type { Contender } from "./compare.ts";
import { type ClassPrompt, groupPrompts, likeliestClasses, zeroShotPrompts } from "./prompting.ts";

/**
 * What the image-text model says by itself: the paper's baselines without programs. Embeddings of the run's pictures are
 * found where the run stored them.
 *
 * @param groups values of the column of groups, where the task names one
 */
export async function promptingBaselines(
  { task, run, store }: { task: TaskName; run: Run & Required<Pick<Run, "features">>; store: ObjectStore },
  model: ImageTextModel,
  groups: readonly string[],
): Promise<Contender[]> {
  const { classes, features, source } = run;
  const contender = async (name: string, prompts: ClassPrompt[]): Promise<Contender> => {
    const texts = await model.embedTexts(prompts.map(({ text }) => text));
    return {
      name,
      predict: async (shard: ShardIndex) => {
        const pictures = await loadShard(store, task, source, shard);
        const predicted = new Int8Array(pictures.length);
        const ports = { store, report: () => undefined };
        for await (const batch of pictureEmbeddings(
          { task, model: features.model },
          pictures,
          ports,
          async () => model,
        )) {
          predicted.set(likeliestClasses(batch, texts, prompts), batch.first);
        }
        return predicted;
      },
    };
  };
  const zeroShot = await contender("zero-shot", zeroShotPrompts(classes));
  return groups.length === 0
    ? [zeroShot]
    : [zeroShot, await contender("group prompts", groupPrompts(classes, groups))];
}
