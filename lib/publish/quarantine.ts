import { whyDropped } from "../aggregate/dropped.ts";
import { hashOf } from "../contracts/hash.ts";
import type { FileName } from "../contracts/names.ts";
import type { ProgramSet } from "../contracts/objects.ts";
import type { RegisteredProgram, Registry } from "../contracts/registry.ts";
import type { LabelStatistics } from "../contracts/votes.ts";
import { inState, writtenSource } from "../program-registry.ts";

/**
 * The registry when labels are published: programs whose votes were left out of them are quarantined, and admitted again when
 * no labels are left of which that holds.
 */
export function withQuarantine(
  registry: Registry,
  { name, set, statistics }: { name: FileName; set: ProgramSet; statistics: LabelStatistics },
  now: string,
): Registry {
  const reasons = new Map(
    set.programs.map((program, index) => [
      `${program.id} ${hashOf(writtenSource(program))}`,
      whyDropped(statistics.programs[index], statistics.rows),
    ]),
  );
  const programs = registry.programs.map((program) => {
    const key = `${program.id} ${program.source}`;
    if (!reasons.has(key) || !["admitted", "quarantined"].includes(program.state)) return program;
    return quarantined(program, name, reasons.get(key), now);
  });
  return programs.every((program, index) => program === registry.programs[index])
    ? registry
    : { ...registry, programs };
}

function quarantined(
  program: RegisteredProgram,
  name: FileName,
  reason: string | undefined,
  now: string,
): RegisteredProgram {
  const { quarantine: before = {}, ...rest } = program;
  if (before[name] === reason) return program;
  const { [name]: _, ...others } = before;
  const quarantine = reason === undefined ? others : { ...others, [name]: reason };
  const [first] = Object.entries(quarantine).sort();
  if (first === undefined) return inState(rest, "admitted", now);
  return inState(
    { ...rest, quarantine },
    "quarantined",
    now,
    `its votes are left out of ${first[0]}: ${first[1]}`,
  );
}
