import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { seeded } from "./synthetic-votes.ts";

/** How the programs of a set come to err together. */
export const DEPENDENCES = ["noisy copies", "shared words", "votes by class", "hard rows"] as const;

export interface DependentVotes {
  dependence: (typeof DEPENDENCES)[number];
  classes: number;
  /** [programs] of [rows] */
  columns: Int8Array[];
  /** [rows] */
  truth: Int8Array;
}

interface Size {
  programs?: [number, number];
  rows?: [number, number];
}

/**
 * Votes of 5 to 60 programs on 2,000 to 20,000 rows of 2 to 6 classes, one of which has 80 to 98 % of the rows, by programs that err
 * together. Everything else is drawn too: how good the programs are, whether they vote for one class or several.
 */
export function unevenVotes(
  seed: number,
  { programs = [5, 60], rows = [2_000, 20_000] }: Size = {},
): DependentVotes {
  const draw = drawing(seed);
  const classes = draw.one([2, 2, 2, 3, 3, 4, 5, 6]);
  const main = draw.below(classes);
  const share = draw.between(0.8, 0.98);
  const others = draw.shares(classes - 1);
  const balance = Array.from({ length: classes }, (_, label) =>
    label === main ? share : (1 - share) * others[label < main ? label : label - 1],
  );
  const count = Math.round(draw.spread(programs[0], programs[1]));
  const truth = Int8Array.from({ length: Math.round(draw.spread(rows[0], rows[1])) }, () =>
    draw.from(balance),
  );
  const dependence = DEPENDENCES[seed % DEPENDENCES.length];
  const own = ownVotes(draw, truth, classes, dependence === "votes by class");
  const words = sharedWords(draw, truth, classes);
  const fallback = draw.one([ABSTAIN, main]);
  const originals = Array.from({ length: 1 + draw.below(6) }, own);
  const lures = luresOf(draw, truth, classes, main);
  const column = {
    "noisy copies": () => {
      const other = own();
      const noise = draw.between(0.02, 0.5);
      return draw.one(originals).map((vote, row) => (draw.chance(noise) ? other[row] : vote));
    },
    "shared words": () => readingWords(draw, words, truth.length, classes, fallback),
    "votes by class": () =>
      draw.chance(0.5) ? own() : readingWords(draw, words, truth.length, classes, fallback),
    "hard rows": () => {
      const pull = draw.between(0.2, 0.9);
      return own().map((vote, row) =>
        vote !== ABSTAIN && lures[row] !== ABSTAIN && draw.chance(pull) ? lures[row] : vote,
      );
    },
  }[dependence];
  return { dependence, classes, truth, columns: Array.from({ length: count }, column) };
}

type Draw = ReturnType<typeof drawing>;

function drawing(seed: number) {
  const random = seeded(seed * 7_919 + 13);
  const between = (least: number, most: number) => least + (most - least) * random();
  const below = (most: number) => Math.floor(random() * most);
  const shares = (length: number) => {
    const parts = Array.from({ length }, () => between(0.3, 2));
    const sum = parts.reduce((total, part) => total + part, 0);
    return parts.map((part) => part / sum);
  };
  return {
    between,
    below,
    shares,
    chance: (share: number) => random() < share,
    one: <T>(choices: readonly T[]): T => choices[below(choices.length)],
    /** Evenly on a logarithmic scale. */
    spread: (least: number, most: number) => least * (most / least) ** random(),
    from: (distribution: readonly number[]) => {
      let rest = random();
      let label = 0;
      while (label < distribution.length - 1 && rest >= distribution[label]) rest -= distribution[label++];
      return label;
    },
  };
}

/** Makes programs that err alone: for one class where they see it, or for any, some of them more often on some classes. */
function ownVotes(draw: Draw, truth: Int8Array, classes: number, byClass: boolean) {
  const skill = draw.between(0.5, 1);
  const onlyOne = draw.one([0, 0.5, 1]);
  return (): Int8Array => {
    if (draw.chance(onlyOne)) {
      const own = draw.below(classes);
      const found = draw.between(0.1, 0.9);
      const lift = draw.spread(2, 30);
      return truth.map((label) => (draw.chance(label === own ? found : found / lift) ? own : ABSTAIN));
    }
    const coverage = Array.from({ length: classes }, () =>
      byClass ? draw.between(0.05, 1) : draw.between(0.6, 1),
    );
    const knows = skill * draw.between(0.3, 1);
    return truth.map((label) => {
      if (!draw.chance(coverage[label])) return ABSTAIN;
      return draw.chance(knows) ? label : draw.below(classes);
    });
  };
}

interface Word {
  label: number;
  /** [rows] */
  stands: boolean[];
}

/** Words that stand in rows of their class more often than in others. */
const sharedWords = (draw: Draw, truth: Int8Array, classes: number): Word[] =>
  Array.from({ length: classes + draw.below(30) }, (_, word) => {
    const label = word < classes ? word : draw.below(classes);
    const often = draw.spread(0.03, 0.5);
    const seldom = often / draw.spread(2, 40);
    return { label, stands: Array.from(truth, (right) => draw.chance(right === label ? often : seldom)) };
  });

/** A program that knows some of the words and votes for the class with most of them. */
function readingWords(draw: Draw, words: Word[], rows: number, classes: number, fallback: number): Int8Array {
  const share = draw.between(0.15, 0.9);
  const known = words.filter(() => draw.chance(share));
  const met = new Float64Array(classes);
  return Int8Array.from({ length: rows }, (_, row) => {
    met.fill(0);
    for (const { label, stands } of known) if (stands[row]) met[label] += 1;
    const most = Math.max(...met);
    return most === 0 ? fallback : met.indexOf(most);
  });
}

/** [rows] the class that a hard row seems to be to everybody, ABSTAIN where a row is not hard. */
function luresOf(draw: Draw, truth: Int8Array, classes: number, main: number): Int8Array {
  const hard = draw.between(0.02, 0.25);
  const towards = draw.one([main, (main + 1) % classes, ABSTAIN]);
  return truth.map(() => {
    if (!draw.chance(hard)) return ABSTAIN;
    return towards === ABSTAIN ? draw.below(classes) : towards;
  });
}
