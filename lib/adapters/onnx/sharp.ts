import { createRequire } from "node:module";

type Sharp = typeof import("sharp").default;

let loaded: Sharp | undefined;

/** As it lies in the function's container, when it is first needed. One thread a picture: several are decoded at once. */
export const sharp = (): Sharp => {
  if (loaded) return loaded;
  loaded = createRequire(import.meta.url)("sharp") as Sharp;
  loaded.concurrency(1);
  loaded.cache(false);
  return loaded;
};
