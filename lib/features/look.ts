import type { Column } from "../contracts/columns.ts";
import { Concepts } from "../contracts/concepts.ts";
import { keys } from "../contracts/keys.ts";
import type { ModelCard, RunFeatures } from "../contracts/model-card.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import { InvalidInputError } from "../errors.ts";
import type { ImageTextModel, PictureModel, Ports } from "../ports.ts";
import { conceptEmbeddings } from "./concept-embeddings.ts";
import { pixelsColumn } from "./pixels-column.ts";
import { descriptionsOf, scoresColumn, scoresOf } from "./scores.ts";

type LookPorts = Pick<Ports, "store" | "images" | "pixels">;

/** A way in which a run looks at pictures, and what of that its programs see. */
export interface Look {
  /** Of what looks at pictures. */
  card: ModelCard;
  /** Opens what looks at pictures, when one of them has to be looked at. */
  open(): Promise<PictureModel>;
  /** Makes ready to turn pictures as they were looked at, [size] each, into a column that programs see. */
  column(): Promise<(pictures: readonly Float32Array[]) => Column>;
}

/** A run's looks, a column each; undefined where its concepts are no longer in force, and `synthesize` has another run started. */
export async function looksOf(
  task: TaskName,
  { model, concepts: wanted, pixels }: RunFeatures,
  ports: LookPorts,
): Promise<Look[] | undefined> {
  if (wanted === undefined) return [pixelsLook(model, ports)];
  const key = keys.concepts(task);
  const { concepts, hash } = parsed(Concepts, await ports.store.get(key), key);
  if (hash !== wanted) return undefined;
  const open = () => openModel(model.name, model.hash, ports);
  let texts: Promise<Float32Array> | undefined;
  const scoresLook: Look = {
    card: model,
    open,
    async column() {
      texts ??= conceptEmbeddings(
        task,
        { model, concepts: hash },
        descriptionsOf(concepts),
        ports.store,
        open,
      );
      const ofTexts = await texts;
      return (pictures) =>
        scoresColumn(
          concepts,
          pictures.map((picture) => scoresOf(picture, ofTexts, concepts, model.logitScale)),
        );
    },
  };
  return pixels ? [scoresLook, pixelsLook(pixels, ports)] : [scoresLook];
}

const pixelsLook = (card: ModelCard, ports: LookPorts): Look => ({
  card,
  open: async () => pixelModel(ports),
  column: async () => pixelsColumn,
});

function pixelModel({ pixels }: LookPorts): PictureModel {
  if (pixels) return pixels;
  throw new InvalidInputError("features.model", "nothing here reads pictures.");
}

/** The run's model. @throws InvalidInputError where it is another than when the run began */
async function openModel(name: string, hash: Hash, { images }: LookPorts): Promise<ImageTextModel> {
  if (images === undefined) throw new InvalidInputError("features.model", "there is no model here.");
  const model = await images.open(name);
  if (model.card.hash === hash) return model;
  throw new InvalidInputError(
    "features.model",
    `the files of ${name} are others than when the run began. Run again, or put them back.`,
  );
}
