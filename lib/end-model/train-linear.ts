import { addRow, type FeatureTable, featureTable } from "./feature-table.ts";
import { type FeatureRow, featureReader } from "./features.ts";
import type { LinearModel } from "./linear-model.ts";
import { fitSoftmax, type SparseRows, scoresOf } from "./softmax-regression.ts";
import { vectorizer, vocabularyOf } from "./vectors.ts";

/** What training holds at most, whatever it is given: rows, and features of rows. */
export const MOST_ROWS = 100_000;
const MOST_ENTRIES = 12_000_000;
/** Features of rows times classes: what a step of the minimizer works through; more of vectors, of which every row has hundreds. */
const MOST_WORK = { ofRows: 2 ** 26, ofVectors: 2 ** 28 };
/** Terms that are told apart, and weights over all classes. */
const MOST_BITS = 18;
const MOST_WEIGHTS = 2 ** 21;

/** Features of rows that training holds, by the number of classes and what rows are. */
export const mostEntries = (classes: number, areVectors: boolean): number =>
  Math.min(MOST_ENTRIES, MOST_WORK[areVectors ? "ofVectors" : "ofRows"] / classes);

/** Rows to learn from, added one by one. */
export interface TrainingSet {
  classes: number;
  bits: number;
  numbers: Map<string, number>;
  /** Whether its rows are vectors. */
  ofVectors: boolean;
  table: FeatureTable;
  labels: number[];
  heldOut: boolean[];
}

/** @returns an empty set, and `add`, which says whether there was room for the row */
export function trainingSet(classes: number) {
  const spare = Math.ceil(Math.log2(classes * 2 ** MOST_BITS)) - Math.log2(MOST_WEIGHTS);
  const bits = MOST_BITS - Math.max(0, spare);
  const numbers = new Map<string, number>();
  const read = featureReader(bits, numbers, true);
  const set: TrainingSet = {
    classes,
    bits,
    numbers,
    ofVectors: false,
    table: featureTable(),
    labels: [],
    heldOut: [],
  };
  const add = (row: FeatureRow, label: number, isHeldOut: boolean): boolean => {
    set.ofVectors = row instanceof Float32Array;
    if (set.table.rows >= MOST_ROWS || set.table.entries >= mostEntries(classes, set.ofVectors)) return false;
    addRow(set.table, read(row));
    set.labels.push(label);
    set.heldOut.push(isHeldOut);
    return true;
  };
  return { set, add };
}

export interface Training {
  model: LinearModel;
  rows: number;
  /** Rows that were held out at first, and the share of them that the model then labeled as they are. */
  heldOut: number;
  agreement: number;
}

/**
 * Trains on hard labels, classes balanced: posteriors of label models are too sure, and soft targets are learned by heart.
 * First without the rows held out, to see how far the model finds the labels of rows that it has not seen, then on all.
 * The penalty is worth one row, as scikit-learn's default.
 *
 * @param set is consumed: its features become vectors in place
 */
export function trainLinear(set: TrainingSet): Training {
  const { classes, table, labels, heldOut } = set;
  const vocabulary = vocabularyOf(table, set.bits, [...set.numbers.keys()], set.ofVectors);
  const sparse = vectorized(set, vocabulary);
  const targets = new Float32Array(table.rows * classes);
  for (let row = 0; row < table.rows; row++) targets[row * classes + labels[row]] = 1;
  const all = Uint32Array.from(labels.keys());
  const seen = all.filter((row) => !heldOut[row]);
  const unseen = all.filter((row) => heldOut[row]);
  const options = { classes, targets };

  const start =
    seen.length > 0 ? fitSoftmax(sparse, { ...options, rows: seen, penalty: 1 / seen.length }) : undefined;
  let agreeing = 0;
  const scores = new Float64Array(classes);
  for (const row of start ? unseen : []) {
    const [first, last] = [sparse.starts[row], sparse.ends[row]];
    const places = sparse.places.subarray(first, last);
    scoresOf(places, sparse.values.subarray(first, last), last - first, start as Float64Array, scores);
    if (scores.indexOf(Math.max(...scores)) === labels[row]) agreeing += 1;
  }
  const parameters = fitSoftmax(sparse, { ...options, rows: all, penalty: 1 / all.length, start });
  return {
    model: { classes, vocabulary, weights: Float32Array.from(parameters) },
    rows: table.rows,
    heldOut: unseen.length,
    agreement: unseen.length > 0 ? agreeing / unseen.length : 0,
  };
}

function vectorized({ table }: TrainingSet, vocabulary: LinearModel["vocabulary"]): SparseRows {
  const { ids, values } = table;
  const starts = Uint32Array.from(table.starts);
  const vectorize = vectorizer(vocabulary);
  const ends = new Uint32Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    const [start, end] = [starts[row], starts[row + 1]];
    ends[row] = start + vectorize(ids.subarray(start, end), values.subarray(start, end));
  }
  return { features: vocabulary.ids.length, starts, ends, places: ids, values };
}
