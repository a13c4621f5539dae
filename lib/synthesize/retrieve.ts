import type { RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import { choosePassages } from "../knowledge/choose-passages.ts";
import { listDocuments } from "../knowledge/list-documents.ts";
import type { Passage } from "../knowledge/passages.ts";
import { rankByMeaning } from "../knowledge/rank-by-meaning.ts";
import { rankByWords } from "../knowledge/rank-by-words.ts";
import { type Documents, readDocuments } from "../knowledge/read-documents.ts";
import type { ModelRequest, Ports } from "../ports.ts";
import type { Answer, Ask } from "./ask.ts";
import { MOST_CALLS_AT_ONCE } from "./converse.ts";
import { embeddingRequests, vectorsOf } from "./embeddings.ts";

/** Passages that are ranked by meaning, at most: the first by words of a folder that has more. */
const MOST_EMBEDDED = 2_000;
/** Of a query: embedding models take some thousand tokens. */
const MOST_OF_A_QUERY = 4_000;

/** What the documents of a task have to say on it. */
export interface Retrieved extends Documents {
  /** How `chosen` were ranked. */
  ranking: { by: "words" } | { by: "meaning"; model: string };
  /** The passages for the prompt. */
  chosen: Passage[];
  /** Of the embedding model. */
  answers: Answer[];
}

/** A task's documents, read. @throws InvalidInputError where there are too many, or none that can be read */
export async function readKnowledge(
  task: TaskFile,
  ports: Pick<Ports, "store" | "pdfText">,
): Promise<Documents> {
  const { documents: files, leftOut } = await listDocuments(task.name, ports.store);
  const read = await readDocuments(files, ports);
  const all = { ...read, leftOut: [...leftOut, ...read.leftOut] };
  if (read.passages.length > 0) return all;
  const why = all.leftOut
    .slice(0, 3)
    .map(({ file, reason }) => ` ${JSON.stringify(file)}: ${reason}.`)
    .join("");
  throw new InvalidInputError(
    "knowledge/",
    `the strategy retrieval needs documents, and there is none that can be read.${why} Put .md, .txt, .csv or .pdf files there, or take the strategy out of synthesis.strategies.`,
  );
}

/**
 * Ranks a task's passages against its description and each of its classes, and chooses those for the prompt.
 *
 * @param ask for embeddings, where the task names a model for them
 */
export async function retrieve(task: TaskFile, read: Documents, ask: Ask): Promise<Retrieved> {
  const byWords = rankByWords(read.passages, queriesOf(task));
  const { embeddingModel: model } = task.synthesis;
  if (model === undefined) {
    return {
      ...read,
      ranking: { by: "words" },
      chosen: choosePassages(read.passages, byWords),
      answers: [],
    };
  }
  const { candidates, requests } = asked(task, model, read.passages, byWords);
  const all = [...requests.queries, ...requests.passages];
  const answers = await inParallel(all, MOST_CALLS_AT_ONCE, (request) => ask("embedding", request));
  const chosen = chosenByMeaning(
    candidates,
    requests,
    answers.map(({ recording }) => recording),
  );
  return { ...read, ranking: { by: "meaning", model }, chosen, answers };
}

/** As far as passages can be chosen without asking: `open` are the requests that are not recorded. */
export function foreseenPassages(
  task: TaskFile,
  { passages }: Documents,
  recordingOf: (request: ModelRequest) => RecordedReply | undefined,
): { chosen: Passage[]; open: ModelRequest[]; found: RecordedReply[] } {
  const byWords = rankByWords(passages, queriesOf(task));
  const { embeddingModel: model } = task.synthesis;
  const chosen = choosePassages(passages, byWords);
  if (model === undefined) return { chosen, open: [], found: [] };
  const { candidates, requests } = asked(task, model, passages, byWords);
  const all = [...requests.queries, ...requests.passages];
  const found = all.flatMap((request) => recordingOf(request) ?? []);
  const open = all.filter((request) => recordingOf(request) === undefined);
  return { chosen: open.length > 0 ? chosen : chosenByMeaning(candidates, requests, found), open, found };
}

/** What the task is about, and each class: every one of them is to find its passages. */
const queriesOf = ({ description, classes }: TaskFile): string[] =>
  [description, ...classes.map((one) => `${one.name}. ${one.description}`)].map((query) =>
    query.slice(0, MOST_OF_A_QUERY).toWellFormed(),
  );

function asked(task: TaskFile, model: string, passages: readonly Passage[], byWords: number[][]) {
  // Each counts as one, whatever its length.
  const candidates = choosePassages(passages, byWords, { most: MOST_EMBEDDED, sizeOf: () => 1 });
  return { candidates, requests: embeddingRequests(model, queriesOf(task), candidates) };
}

/** @param recordings of the queries' requests, then of the passages' */
function chosenByMeaning(
  candidates: readonly Passage[],
  requests: { queries: ModelRequest[] },
  recordings: readonly RecordedReply[],
): Passage[] {
  const queries = recordings.slice(0, requests.queries.length).flatMap(vectorsOf);
  const passages = recordings.slice(requests.queries.length).flatMap(vectorsOf);
  return choosePassages(candidates, rankByMeaning(passages, queries));
}
