import type { Hardening } from "./contracts/hardening.ts";
import type { ModelCard } from "./contracts/model-card.ts";
import type { Hash, ProgramId } from "./contracts/names.ts";
import type { ProgramLanguage } from "./contracts/program-language.ts";

/** An object's size in bytes and a tag that changes with its content. */
export interface ObjectHead {
  size: number;
  version: string;
}

/** Where everything is kept: S3, or a folder. A put is atomic: readers see the old object or the new one. */
export interface ObjectStore {
  /** @throws ObjectNotFoundError */
  get(key: string): Promise<Uint8Array>;
  /** The object, or undefined where there is none. */
  find(key: string): Promise<Uint8Array | undefined>;
  /**
   * Streams the object, or bytes `start` to `end` (exclusive) of it.
   *
   * @param version as `head` gave it: nothing else is read to its end
   * @throws ObjectNotFoundError, ObjectChangedError
   */
  read(key: string, range?: { start: number; end: number }, version?: string): AsyncIterable<Uint8Array>;
  head(key: string): Promise<ObjectHead | undefined>;
  /** @throws StoreWriteError when the store is full, read-only or forbidden */
  put(key: string, body: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Puts a small object where there is none, or in the place of the version `instead`; false where something else is. Of
   * several at once, one wins.
   */
  create(key: string, body: string, instead?: string): Promise<boolean>;
  /** Keys that begin with `prefix`, in the order of their UTF-8 bytes. */
  list(prefix: string): AsyncIterable<{ key: string; size: number }>;
  /** Removes the object; does nothing where there is none. */
  delete(key: string): Promise<void>;
}

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/** Everything that decides a reply, and nothing else: its hash names the recording. */
export interface ModelRequest {
  model: string;
  messages: ChatMessage[];
  temperature: number;
  seed: number;
  /** Bound on the reply's length, in tokens. */
  maxTokens: number;
}

export interface ModelReply {
  text: string;
  /** The model that answered, by its own word. */
  model: string;
  finishReason: string;
  /** Tokens; `estimated` when the endpoint reports none and they were counted as characters / 4. */
  usage: { inputTokens: number; outputTokens: number; estimated: boolean };
}

/** Texts as vectors whose angles say how far they mean the same. */
export interface Embeddings {
  /** [texts][size], of one size. */
  vectors: readonly (readonly number[])[];
  /** The model that answered, by its own word. */
  model: string;
  /** Tokens; `estimated` when the endpoint reports none. */
  usage: { inputTokens: number; estimated: boolean };
}

/** A language model behind any OpenAI-compatible endpoint. */
export interface LanguageModel {
  /** @throws ModelError */
  complete(request: ModelRequest): Promise<ModelReply>;
  /** For tasks that name an embedding model. @throws ModelError */
  embed?(request: { model: string; texts: readonly string[] }): Promise<Embeddings>;
}

/** The text of a PDF's pages, and what of it was not read; or why there is none. */
export type PdfText = (pdf: Uint8Array) => Promise<{ pages: string[]; cut?: string } | { problem: string }>;

/** A program as the runner needs it. */
export interface RunnableProgram {
  id: ProgramId;
  hash: Hash;
  language: ProgramLanguage;
  source: string;
}

/** Why a program abstained without saying so, counted in rows. */
export interface ProgramFaults {
  /** The program threw. */
  error: number;
  /** It returned something that is neither a class name nor null. */
  badReturn: number;
  /** It did not return within its deadline. */
  timeout: number;
  /** Its process had to be killed, or its memory ran out: the program is disqualified for the shard. */
  killed: number;
  /** The program did not compile or defines no `label`: it abstains on every row. */
  compile: number;
}

/** Row of a shard, from 0, on which a program first failed in each way that it did. */
export type FirstFaults = Partial<Record<keyof ProgramFaults, number>>;

/** One program's votes over one shard. */
export interface ProgramVotes {
  /** [rows], ABSTAIN or the index of a class. */
  votes: Int8Array;
  faults: ProgramFaults;
  first: FirstFaults;
  /** It was not run, for an earlier job of the same scope had to stop it: of these rows nothing is known. */
  unasked?: true;
  /** What the interpreter said of its first failure, where it says anything; the program may have made it up. */
  complaint?: string;
  /** CPU time spent inside the program, in milliseconds: a measurement, not part of any stored votes. */
  cpuMs: number;
}

/** Runs untrusted programs over the rows of a shard, contained. */
export interface ProgramRunner {
  /** Why programs of a language cannot be run here, and what to do about it; undefined where they can. */
  lacking?(language: ProgramLanguage): string | undefined;
  /** `columns` is a block made by `packColumns`; the result has one entry a program, in the given order. @throws LanguageUnavailableError */
  run(job: {
    classes: readonly string[];
    programs: RunnableProgram[];
    columns: Uint8Array;
    /** `standard` where it is not given. */
    hardening?: Hardening;
    /** Programs begin anew with this job, or with each row, whatever ran before. */
    fresh?: "job" | "row";
    /** Where it is given: a program that timed out or had to be killed is not run again in jobs of the same scope. */
    scope?: string;
  }): Promise<ProgramVotes[]>;
}

/** What looks at pictures. */
export interface PictureModel {
  card: ModelCard;
  /**
   * A picture as the image tower sees it: [side × side × 3], upright, 0 … 255.
   *
   * @throws UnreadablePictureError
   */
  decode(picture: Uint8Array): Promise<Uint8Array>;
  /** A decoded picture for people, as a small JPEG file. */
  thumbnail(pixels: Uint8Array): Promise<Uint8Array>;
  /** [pictures × size] of decoded pictures. */
  embedPictures(pictures: readonly Uint8Array[]): Promise<Float32Array>;
}

/** A model of CLIP's shape: texts and pictures become embeddings, each of unit length, that can be compared. */
export interface ImageTextModel extends PictureModel {
  /** [texts × size] */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
}

/** Image-text models by name. @throws InvalidInputError where there is none of that name, or it cannot be used */
export interface ImageTextModels {
  /** What a model is, without loading it. */
  card(name: string): Promise<ModelCard>;
  open(name: string): Promise<ImageTextModel>;
}

/** What a stage says of its work while it works: a progress line here, structured logs and metrics in the cloud. */
export type Progress =
  | { stage: "intake"; key: string; ignored: string }
  /** Documents of a task: how many were read, and which were not, and why. */
  | { stage: "documents"; read: number; passages: number; leftOut: { file: string; reason: string }[] }
  /** Of all of this stage's calls so far. */
  | { stage: "synthesize"; calls: number; replayed: number; usd: number; programs: number }
  | { stage: "fan-out"; file: string; rows: number; rejected: number; bytes: number; totalBytes: number }
  /** Pictures embedded now, found from an earlier run, and not to be decoded. */
  | { stage: "features"; model: string; rows: number; embedded: number; found: number; unreadable: number }
  | {
      stage: "label";
      rows: number;
      /** Rows on which at least one program voted. */
      covered: number;
      /** Votes (rows × programs) computed now, and found from an earlier run. */
      computed: number;
      reused: number;
      /** Of both: on how many a program abstained, and on how many of those it failed. */
      abstained: number;
      faults: number;
    }
  | { stage: "aggregate"; labelModel: string; patterns: number; rows: number }
  /** Rows that an end model learned from, and how far it agreed with the label model on rows held out. */
  | { stage: "train"; rows: number; agreement: number; seconds: number }
  /** Of one call; `usd` is 0 where its reply was found. */
  | { stage: "verify"; calls: number; replayed: number; usd: number }
  | { stage: "publish"; rows: number }
  /** Said once an edition of a run's labels. */
  | { stage: "ready"; labels: string }
  /** A run whose programs vote otherwise than in the first run that they finished; said once, with `ready`. */
  | { stage: "drift"; findings: string[] }
  /** A run: whether no batch of it was labeled or published since the last look. */
  | { stage: "watch"; marks: number; standsStill: boolean }
  /** What was dropped cannot be used; the reason lies in the outbox. */
  | { stage: "refused"; code: string; message: string };

/** What stages need from outside. */
export interface Ports {
  store: ObjectStore;
  model: LanguageModel;
  runner: ProgramRunner;
  /** For image tasks. */
  images?: ImageTextModels;
  /** For those whose programs see pixels: what it makes of a picture are levels 0 … 255, [side × side × 3]. */
  pixels?: PictureModel;
  /** For tasks with documents. */
  pdfText?: PdfText;
  report: (progress: Progress) => void;
  now: () => Date;
}
