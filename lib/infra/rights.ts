/** What a stage's role may do in the bucket, as patterns of keys; everything else is denied. */
export interface Rights {
  /** Read objects, and see whether they are there. */
  read: string[];
  write: string[];
  remove: string[];
  /** Prefixes that may be listed. */
  list: string[];
}

export const stages = [
  "intake",
  "synthesize",
  "fan-out",
  "label",
  "aggregate",
  "train",
  "verify",
  "publish",
  "watch",
] as const;
/** Stages of which some are there only where a deployment asks for them: `features` where it labels pictures. */
export const everyStage = [...stages, "features"] as const;
export type StageId = (typeof everyStage)[number];

/** Least privilege, stage by stage, in the words of `lib/contracts/keys.ts`. */
const rights: Record<StageId, Rights> = {
  intake: { read: [], write: ["outbox/*/_FAILED.json"], remove: [], list: [] },
  synthesize: {
    read: [
      "inbox/*/task.*",
      "inbox/*/programs/*",
      "inbox/*/replies/*",
      "inbox/*/data/*",
      "inbox/*/knowledge/*",
      "work/*/replies/*",
      "work/*/spent/*",
      "work/*/programs.json",
      "work/*/sets/*",
      "work/*/shown-rows.json",
      "outbox/*/programs/registry.json",
    ],
    write: [
      "work/*/replies/*",
      "work/*/spent/*",
      "work/*/programs.json",
      "work/*/sets/*",
      "work/*/shown-rows.json",
      "outbox/*/programs/*",
      "outbox/*/knowledge.json",
      "outbox/*/_FAILED.json",
    ],
    remove: ["outbox/*/programs/*", "outbox/*/knowledge.json", "outbox/*/_FAILED.json"],
    list: [
      "inbox/*/programs/*",
      "inbox/*/knowledge/*",
      "inbox/*/data/*",
      "work/*/replies/*",
      "outbox/*/programs/*",
    ],
  },
  "fan-out": {
    read: [
      "inbox/*/task.*",
      "inbox/*/gold.*",
      "inbox/*/data/*",
      "work/*/programs.json",
      "work/*/sets/*",
      "work/*/wanted/*",
      "work/*/ready/*",
      "work/*/sources/*",
      "outbox/*/labels/*/_SUCCESS",
      "outbox/*/labels/*/receipt.json",
      "outbox/*/labels/*/report.html",
    ],
    write: [
      "work/*/wanted/*",
      "work/*/runs/*/run.json",
      "work/*/sources/*",
      "outbox/*/labels/*/_FAILED.json",
    ],
    remove: ["outbox/*/labels/*/_FAILED.json"],
    list: ["inbox/*/data/*", "work/*/sources/*", "work/*/runs/*", "outbox/*/labels/*"],
  },
  // Runs untrusted programs: no inbox, no outbox, no secret, and of the state only what it needs.
  label: {
    read: [
      "work/*/wanted/*",
      "work/*/sets/*",
      "work/*/sources/*",
      "work/*/votes/*",
      "work/*/runs/*/run.json",
      "work/*/runs/*/labeled/*",
      "work/*/runs/*/begun/*",
    ],
    write: ["work/*/votes/*", "work/*/runs/*/labeled/*"],
    remove: [],
    list: ["work/*/runs/*/labeled/*"],
  },
  aggregate: {
    read: [
      "work/*/wanted/*",
      "work/*/ready/*",
      "work/*/sets/*",
      "work/*/sources/*/source.json",
      "work/*/sources/*/gold.json",
      "work/*/votes/*",
      "work/*/runs/*",
      "outbox/*/labels/*/_SUCCESS",
    ],
    write: ["work/*/runs/*/begun/*", "work/*/runs/*/groups/*", "work/*/runs/*/label-model.json"],
    remove: [],
    list: ["work/*/runs/*"],
  },
  train: {
    read: [
      "work/*/wanted/*",
      "work/*/ready/*",
      "work/*/sources/*",
      "work/*/votes/*",
      "work/*/runs/*/run.json",
      "work/*/runs/*/label-model.json",
      "work/*/runs/*/trained.json",
      "outbox/*/labels/*/_SUCCESS",
    ],
    write: ["work/*/runs/*/end-model.json", "work/*/runs/*/trained.json"],
    remove: [],
    list: [],
  },
  // Asks the model about rows, and runs no program: no inbox but recordings, no outbox.
  verify: {
    read: [
      "inbox/*/replies/*",
      "work/*/replies/*",
      "work/*/residual/*",
      "work/*/spent/*",
      "work/*/wanted/*",
      "work/*/ready/*",
      "work/*/sets/*",
      "work/*/sources/*",
      "work/*/votes/*",
      "work/*/runs/*",
      "outbox/*/labels/*/_SUCCESS",
    ],
    write: [
      "work/*/replies/*",
      "work/*/residual/*",
      "work/*/spent/*",
      "work/*/runs/*/verification/*",
      "work/*/wanted/*",
    ],
    remove: [],
    list: ["work/*/replies/*", "work/*/residual/*"],
  },
  publish: {
    read: [
      "work/*/wanted/*",
      "work/*/sets/*",
      "work/*/sources/*",
      "work/*/votes/*",
      "work/*/runs/*",
      "work/*/baselines/*",
      "outbox/*/programs/registry.json",
      "outbox/*/labels/*/_SUCCESS",
    ],
    write: [
      "work/*/runs/*/published/*",
      "work/*/runs/*/published-groups/*",
      "work/*/ready/*",
      "work/*/baselines/*",
      "outbox/*/programs/registry.json",
      "outbox/*/labels/*",
    ],
    remove: ["outbox/*/labels/*"],
    list: ["work/*/runs/*", "work/*/sources/*/rejected/*", "outbox/*/labels/*"],
  },
  watch: {
    read: ["work/*/wanted/*", "work/*/ready/*", "work/*/runs/*/run.json"],
    write: [],
    remove: [],
    list: ["work/*/runs/*"],
  },
  // Decodes untrusted pictures: of the inbox only data, and no outbox.
  features: {
    read: [
      "inbox/*/data/*",
      "work/*/wanted/*",
      "work/*/concepts.json",
      "work/*/sources/*",
      "work/*/features/*",
      "work/*/runs/*/run.json",
    ],
    write: ["work/*/features/*", "work/*/sources/*/rejected/*"],
    remove: [],
    list: [],
  },
};

/** What stages may do besides where pictures are labeled. */
const withImages: Partial<Record<StageId, Pick<Rights, "read" | "write">>> = {
  synthesize: { read: ["work/*/concepts.json"], write: ["work/*/concepts.json", "outbox/*/concepts.json"] },
  "fan-out": { read: ["work/*/concepts.json"], write: [] },
  label: { read: ["work/*/features/scores/*"], write: [] },
  // An end model learns from embeddings, and labels by them.
  train: { read: ["work/*/features/*/pictures/*"], write: [] },
  verify: { read: ["work/*/features/*/pictures/*"], write: [] },
  // So it does here; and thumbnails and scores of the rows that the report shows.
  publish: { read: ["work/*/features/*"], write: [] },
};

/** A stage's rights in a deployment. */
export function rightsOf(stage: StageId, { images }: { images: boolean }): Rights {
  const { read, write, ...rest } = rights[stage];
  const more = images ? withImages[stage] : undefined;
  return { read: [...read, ...(more?.read ?? [])], write: [...write, ...(more?.write ?? [])], ...rest };
}
