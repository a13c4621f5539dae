import { ABSTAIN } from "../contracts/columns.ts";
import { InvalidInputError } from "../errors.ts";
import { MOST_VOTED_CLASSES, type VoteArray, voteArray } from "./vote-array.ts";

/** Programs whose votes a table may hold. */
const MOST_PROGRAMS = 1_000;

/** Anybody's votes, checked: two programs or more, two classes or more, at least one vote. */
export interface VoteTable {
  classes: string[];
  /** Names of the programs; their numbers from 1 where the file gives none. */
  programs: string[];
  /** [programs] of [rows], ABSTAIN or a class. */
  columns: VoteArray[];
  /** [rows] gold class, −1 where a row has none. They fill metrics and never touch a fit. */
  labels?: VoteArray;
}

/** The table, if a label model can make something of it. @throws InvalidInputError */
export function checkedTable(table: VoteTable, file: string): VoteTable {
  const { classes, programs, columns } = table;
  if (columns.length > MOST_PROGRAMS) {
    throw new InvalidInputError(
      file,
      `found ${columns.length} programs. Expected ${MOST_PROGRAMS} at most, because all pairs are compared: leave out those that vote least, or alike.`,
    );
  }
  checkNames(classes, "classes", file);
  checkNames(programs, "programs", file);
  if (columns.length < 2) {
    throw new InvalidInputError(
      file,
      `found votes of ${columns.length === 0 ? "no program" : "one program"}. A label model compares programs: give two or more.`,
    );
  }
  if (columns[0].length === 0) throw new InvalidInputError(file, "found no rows. Expected one or more.");
  if (columns.every((column) => column.every((vote) => vote === ABSTAIN))) {
    throw new InvalidInputError(
      file,
      "every vote is an abstention. Nothing can be learned from these programs.",
    );
  }
  if (classes.length < 2 || classes.length > MOST_VOTED_CLASSES) {
    const found = `found ${classes.length} ${classes.length === 1 ? "class" : "classes"}`;
    const remedy = "name them all, also those without a vote; of a CSV with --classes";
    throw new InvalidInputError(file, `${found}. Expected 2 to ${MOST_VOTED_CLASSES}: ${remedy}.`);
  }
  return table;
}

/** @throws InvalidInputError when a name stands twice */
export function checkNames(names: readonly string[], what: string, file: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InvalidInputError(
      `${file}: ${what}`,
      `found ${JSON.stringify(twice)} twice. Each needs a name of its own.`,
    );
  }
}

/**
 * Reads `{"classes": […], "votes": [[…]], "labels": […]?, "programs": […]?}`: a row an array of votes, −1 or the
 * index of a class; `labels` gold, −1 where unknown; `programs` their names.
 *
 * @param content parsed JSON
 * @param file how to call it in errors
 * @throws InvalidInputError naming the place, what was found and what is expected
 */
export function voteTableOf(content: unknown, file: string): VoteTable {
  if (typeof content !== "object" || content === null || !("votes" in content) || !("classes" in content)) {
    throw new InvalidInputError(file, 'expected an object {"classes": […], "votes": [[…]]}.');
  }
  const classes = namesOf(content.classes, `${file}: classes`);
  const rows = content.votes;
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new InvalidInputError(
      `${file}: votes`,
      "found no rows. Expected a list with a list of votes for each row.",
    );
  }
  const programs = Array.isArray(rows[0]) ? rows[0].length : 0;
  const columns = Array.from({ length: programs }, () => voteArray(classes.length, rows.length));
  for (let row = 0; row < rows.length; row++) {
    const votes: unknown = rows[row];
    if (!Array.isArray(votes)) {
      throw new InvalidInputError(
        `${file}: votes[${row}]`,
        `found ${shown(votes)}. Expected a list of votes.`,
      );
    }
    if (votes.length !== programs) {
      throw new InvalidInputError(
        `${file}: votes[${row}]`,
        `found ${votes.length} votes where the first row has ${programs}. Each row needs a vote of each program; −1 abstains.`,
      );
    }
    for (let program = 0; program < programs; program++) {
      if (!isVote(votes[program], classes.length)) {
        throw outside(`${file}: votes[${row}][${program}]`, votes[program], classes.length, "to abstain");
      }
      columns[program][row] = votes[program];
    }
  }
  const names =
    "programs" in content
      ? namesOf(content.programs, `${file}: programs`)
      : columns.map((_, program) => String(program + 1));
  if (names.length !== programs) {
    const found = `found ${names.length} names for ${programs} programs. Name each program, or none.`;
    throw new InvalidInputError(`${file}: programs`, found);
  }
  const labels =
    "labels" in content ? labelsOf(content.labels, rows.length, classes.length, file) : undefined;
  return checkedTable({ classes, programs: names, columns, ...(labels && { labels }) }, file);
}

function labelsOf(given: unknown, rows: number, classes: number, file: string): VoteArray {
  if (!Array.isArray(given) || given.length !== rows) {
    const found = Array.isArray(given) ? `${given.length} labels for ${rows} rows` : shown(given);
    throw new InvalidInputError(
      `${file}: labels`,
      `found ${found}. Expected one a row, −1 where it is unknown.`,
    );
  }
  const labels = voteArray(classes, rows);
  for (let row = 0; row < rows; row++) {
    if (!isVote(given[row], classes)) {
      throw outside(`${file}: labels[${row}]`, given[row], classes, "where it is unknown");
    }
    labels[row] = given[row];
  }
  return labels;
}

function namesOf(given: unknown, where: string): string[] {
  if (!Array.isArray(given) || given.some((name) => typeof name !== "string" || name === "")) {
    throw new InvalidInputError(where, `found ${shown(given)}. Expected a list of names.`);
  }
  return given;
}

const isVote = (value: unknown, classes: number): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= ABSTAIN && value < classes;

const outside = (where: string, found: unknown, classes: number, otherwise: string) =>
  new InvalidInputError(
    where,
    `found ${shown(found)}. Expected the index of a class, 0 to ${classes - 1}, or −1 ${otherwise}.`,
  );

const shown = (value: unknown): string =>
  typeof value === "number" ? String(value) : (JSON.stringify(value)?.slice(0, 100) ?? "nothing");
