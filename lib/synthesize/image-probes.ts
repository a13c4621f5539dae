import { type Column, packColumns } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";

const RANDOM_ROWS = 64;

/** Rows of scores that every program of an image task must bear: even ones, clear ones, random ones, near ties. */
export function imageProbes(concepts: readonly Concept[]): { columns: Uint8Array; rows: number } {
  const most = Math.max(...concepts.map(({ descriptions }) => descriptions.length));
  const random = mulberry32(7);
  const rows = [
    scores(concepts, (n) => new Array<number>(n).fill(1 / n)),
    // Each description once the only one that fits, all concepts at once.
    ...Array.from({ length: most }, (_, at) => scores(concepts, (n) => raised(n, at % n, 1))),
    ...Array.from({ length: most }, (_, at) => scores(concepts, (n) => raised(n, at % n, 0.6))),
    // Two that differ by the least that a score can.
    ...Array.from({ length: most }, (_, at) => scores(concepts, (n) => tied(n, at % n))),
    ...Array.from({ length: RANDOM_ROWS }, () => scores(concepts, (n) => drawn(n, random))),
  ];
  const values = rows.map((row) => JSON.stringify(row));
  const columns: Column[] = [{ name: "scores", kind: "json", values }];
  return { columns: packColumns(columns, rows.length), rows: rows.length };
}

type Scores = Record<string, Record<string, number>>;

const scores = (concepts: readonly Concept[], spread: (descriptions: number) => number[]): Scores =>
  Object.fromEntries(
    concepts.map(({ name, descriptions }) => {
      const values = spread(descriptions.length);
      return [name, Object.fromEntries(descriptions.map((text, at) => [text, rounded(values[at])]))];
    }),
  );

/** All but `share` even. */
const raised = (n: number, at: number, share: number): number[] =>
  Array.from({ length: n }, (_, index) => (index === at ? share : (1 - share) / (n - 1)));

function tied(n: number, at: number): number[] {
  const values = raised(n, at, 0.45);
  values[(at + 1) % n] = 0.449999;
  const rest = (1 - 0.899999) / Math.max(1, n - 2);
  return values.map((value, index) => (index === at || index === (at + 1) % n ? value : rest));
}

/** A softmax over random numbers, sharper or flatter by chance. */
function drawn(n: number, random: () => number): number[] {
  const scale = 1 + 9 * random();
  const weights = Array.from({ length: n }, () => Math.exp(scale * random()));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Numbers from 0 to below 1, the same each time. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
