import type { LabelStatistics } from "../contracts/votes.ts";

/** Statistics of two shards, or groups of shards, of the same programs. */
export const sumOfStatistics = (one: LabelStatistics, other: LabelStatistics): LabelStatistics => ({
  rows: one.rows + other.rows,
  covered: one.covered + other.covered,
  computed: one.computed + other.computed,
  reused: one.reused + other.reused,
  seconds: one.seconds + other.seconds,
  programs: one.programs.map(({ faults, cpuMs }, index) => {
    const more = other.programs[index];
    return {
      faults: {
        error: faults.error + more.faults.error,
        badReturn: faults.badReturn + more.faults.badReturn,
        timeout: faults.timeout + more.faults.timeout,
        killed: faults.killed + more.faults.killed,
        compile: faults.compile + more.faults.compile,
      },
      cpuMs: cpuMs + more.cpuMs,
    };
  }),
});
