import type { Histogram } from "./histogram.ts";
import { type VoteArray, voteArray } from "./vote-array.ts";

/** Where one program's votes lie: at `offset`, then every `stride` entries. */
export interface VoteColumn {
  votes: VoteArray;
  offset: number;
  stride: number;
}

export interface PatternCounter {
  /**
   * Counts `rows` rows, one each or as `weights` says; writes the number of each row's pattern into `numbers`.
   *
   * @throws RangeError on a vote outside the classes
   */
  add(columns: readonly VoteColumn[], rows: number, weights?: Float64Array, numbers?: Uint32Array): void;
  /** What was counted, in canonical order, and [patterns] the place there of each number. */
  result(): { histogram: Histogram; places: Uint32Array };
}

/** Rows packed at a time, so that their words stay in the processor's nearest cache. */
const BLOCK = 4_096;

/**
 * Counts vote patterns without making strings: the votes of a row become digits of as few 31-bit words as hold
 * them, which are exact and sort as the votes do, and an open-addressing table counts equal words.
 */
export function patternCounter(programs: number, classes: number): PatternCounter {
  if (programs < 1) throw new RangeError("A histogram needs at least one program");
  const base = classes + 1;
  const digits = Math.floor(31 / Math.log2(base));
  const width = Math.ceil(programs / digits);
  const block = new Int32Array(BLOCK * width);
  let room = 1_024;
  let known = 0;
  let words = new Int32Array(room * width);
  let counts = new Float64Array(room);
  /** Number of a pattern plus one, by hash; twice as many slots as patterns at least. */
  let slots = new Int32Array(room * 2);

  function pack(columns: readonly VoteColumn[], start: number, rows: number): void {
    block.fill(0);
    for (let program = 0; program < programs; program++) {
      const { votes, offset, stride } = columns[program];
      const word = Math.floor(program / digits) * BLOCK;
      let at = offset + start * stride;
      for (let row = 0; row < rows; row++) {
        const digit = votes[at] + 1;
        if (digit < 0 || digit >= base) {
          throw new RangeError(
            `Vote ${digit - 1} of program ${program} in row ${start + row} is not one of ${classes} classes`,
          );
        }
        block[word + row] = (block[word + row] * base + digit) | 0;
        at += stride;
      }
    }
  }

  /** The slot of the words at `at`, `at + step` …: theirs, or the empty one where they belong. */
  function slotOf(source: Int32Array, at: number, step: number): number {
    let hash = 0;
    for (let word = 0; word < width; word++) {
      hash = Math.imul(hash ^ source[at + word * step], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let number = slots[slot]; number !== 0; number = slots[slot]) {
      const place = (number - 1) * width;
      let word = 0;
      while (word < width && words[place + word] === source[at + word * step]) word += 1;
      if (word === width) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function grow(): void {
    room *= 2;
    const largerWords = new Int32Array(room * width);
    largerWords.set(words);
    words = largerWords;
    const largerCounts = new Float64Array(room);
    largerCounts.set(counts);
    counts = largerCounts;
    slots = new Int32Array(room * 2);
    for (let number = 0; number < known; number++) slots[slotOf(words, number * width, 1)] = number + 1;
  }

  function numberOf(row: number): number {
    const slot = slotOf(block, row, BLOCK);
    if (slots[slot] > 0) return slots[slot] - 1;
    for (let word = 0; word < width; word++) words[known * width + word] = block[word * BLOCK + row];
    known += 1;
    slots[slot] = known;
    if (known === room) grow();
    return known - 1;
  }

  return {
    add(columns, rows, weights, numbers) {
      for (let start = 0; start < rows; start += BLOCK) {
        const size = Math.min(BLOCK, rows - start);
        pack(columns, start, size);
        for (let row = 0; row < size; row++) {
          const number = numberOf(row);
          counts[number] += weights ? weights[start + row] : 1;
          if (numbers) numbers[start + row] = number;
        }
      }
    },

    result() {
      const order = Uint32Array.from({ length: known }, (_, number) => number).sort((first, second) => {
        for (let word = 0; word < width; word++) {
          const lead = words[first * width + word] - words[second * width + word];
          if (lead !== 0) return lead;
        }
        return 0;
      });
      const patterns = voteArray(classes, known * programs);
      const places = new Uint32Array(known);
      for (let place = 0; place < known; place++) {
        const number = order[place];
        places[number] = place;
        for (let word = 0; word < width; word++) {
          let rest = words[number * width + word];
          for (
            let program = Math.min(programs, (word + 1) * digits) - 1;
            program >= word * digits;
            program--
          ) {
            patterns[place * programs + program] = (rest % base) - 1;
            rest = Math.floor(rest / base);
          }
        }
      }
      const sorted = Float64Array.from(order, (number) => counts[number]);
      return { histogram: { programs, classes, patterns, counts: sorted }, places };
    },
  };
}
