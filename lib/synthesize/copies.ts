import { ABSTAIN } from "../contracts/columns.ts";
import { programHash, type Screening, type Unscreened } from "./screen.ts";
import { namedIn, wordRows } from "./word-rows.ts";

/** Fewer votes are no evidence: programs that hardly vote agree on nearly everything. */
const FEW_VOTES = 10;

/**
 * For each program why it is no second voter, where one before it has its text or does what it does: the same votes on the probe
 * rows and on rows made of the words that they all look for.
 */
export async function copiesAmong(
  programs: readonly Unscreened[],
  { classes, probes, runner, hardening }: Screening,
): Promise<(string | undefined)[]> {
  if (programs.length < 2) return programs.map(() => undefined);
  const named = programs.map(({ source, language }) => namedIn(source, language));
  const { columns, rows } = wordRows(
    {
      // In turn, so that a bound on rows leaves none without its own.
      texts: inTurn(named.map(({ texts }) => texts)),
      numbers: inTurn(named.map(({ numbers }) => numbers)),
    },
    probes.columns,
  );
  const outcomes = await runner.run({
    classes,
    programs: programs.map(({ id, language, source }) => ({
      id,
      language,
      source,
      hash: programHash(source, classes, language),
    })),
    columns,
    hardening,
  });
  return programs.map(({ source }, index) => {
    const { votes } = outcomes[index];
    for (const [before, other] of programs.slice(0, index).entries()) {
      if (source === other.source) return `it is an exact copy of ${other.id}`;
      if (voteOften(votes) && votes.every((vote, row) => vote === outcomes[before].votes[row]))
        return `it votes as ${other.id} does on all of ${rows} rows, made of what programs look for`;
    }
    return undefined;
  });
}

const voteOften = (votes: Int8Array): boolean =>
  votes.reduce((count, vote) => count + (vote === ABSTAIN ? 0 : 1), 0) >= FEW_VOTES;

/** The first of each list, then the second of each, none twice. */
function inTurn<T>(lists: readonly T[][]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const places = Array.from({ length: longest }, (_, place) => place);
  return [...new Set(places.flatMap((place) => lists.flatMap((list) => list.slice(place, place + 1))))];
}
