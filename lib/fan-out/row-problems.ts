import type { Source } from "../contracts/objects.ts";
import type { RejectedRow } from "../tables/table.ts";
import type { idLedger } from "./id-ledger.ts";

/** Lines that a receipt names for each problem; all rejected rows are listed in rejected.jsonl. */
const NAMED_LINES = 10;

/** Counts rows with problems into a source: rejected ones by reason, and ids that are missing or stand twice. */
export function rowProblems(source: Source) {
  const note = (problem: Source["duplicateIds"], line: number) => {
    problem.rows += 1;
    if (problem.lines.length < NAMED_LINES) problem.lines.push(line);
  };
  return {
    reject({ reason, line }: RejectedRow): void {
      source.rejected[reason] ??= { rows: 0, lines: [] };
      note(source.rejected[reason], line);
    },
    /** A row is labeled whatever its id; without one it goes by its line. */
    identify(line: number, id: string, ids: ReturnType<typeof idLedger>): void {
      if (id === "") note(source.missingIds, line);
      else if (ids.isRepeated(id)) note(source.duplicateIds, line);
    },
  };
}
