import { packEmbeddings, unpackEmbeddings } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import type { RunFeatures } from "../contracts/model-card.ts";
import type { TaskName } from "../contracts/names.ts";
import type { ImageTextModel, ObjectStore } from "../ports.ts";

/** [texts × size]: embeddings of a task's descriptions, made once a model and list of concepts. */
export async function conceptEmbeddings(
  task: TaskName,
  { model, concepts }: Required<Pick<RunFeatures, "model" | "concepts">>,
  texts: readonly string[],
  store: ObjectStore,
  open: () => Promise<ImageTextModel>,
): Promise<Float32Array> {
  const key = keys.textEmbeddings(task, model.hash, concepts);
  const found = await store.find(key);
  if (found) return unpackEmbeddings(found).values;
  const values = await (await open()).embedTexts(texts);
  const { name, kind, embeddingSize: size } = model;
  await store.put(
    key,
    packEmbeddings({ model: { name, kind }, size, rows: texts.length, unreadable: [], values }),
  );
  return values;
}
