import { PIXELS_CARD } from "../../contracts/pixels.ts";
import { shrunk } from "../../features/pixels-column.ts";
import type { PictureModel } from "../../ports.ts";
import { decodePicture } from "./decode-picture.ts";
import { thumbnail } from "./thumbnail.ts";

/** What image-text models decode to, so that people are shown, and changes are made in, the same square. */
const SIDE = 224;

/** Makes pictures small, and nothing else: no network is opened. */
export const pixelModel = (): PictureModel => ({
  card: PIXELS_CARD,
  decode: (picture) => decodePicture(picture, SIDE),
  thumbnail,
  async embedPictures(pictures) {
    const levels = new Float32Array(pictures.length * PIXELS_CARD.embeddingSize);
    for (const [index, picture] of pictures.entries()) {
      levels.set(shrunk(picture), index * PIXELS_CARD.embeddingSize);
    }
    return levels;
  },
});
