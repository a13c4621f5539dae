import fc from "fast-check";

/** Laws are tried on the same cases everywhere; FC_SEED=… npm test tries others. */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 7) });
