import { ABSTAIN } from "../contracts/columns.ts";
import { programHash, type Screening, screened, type Unscreened } from "./screen.ts";

/**
 * The same for programs of an image task, whose rows are always whole: one that throws or never votes has spelled a concept
 * otherwise than it is.
 */
export async function screenedOnScores(
  programs: readonly Unscreened[],
  screening: Screening,
): Promise<(string | undefined)[]> {
  const reasons = await screened(programs, screening);
  const { classes, probes, runner } = screening;
  const sound = programs.filter((_, index) => reasons[index] === undefined);
  if (sound.length === 0) return reasons;
  const tried = await runner.run({
    classes,
    programs: sound.map(({ id, language, source }) => ({
      id,
      hash: programHash(source, classes, language),
      language,
      source,
    })),
    columns: probes.columns,
  });
  const found = sound.map((_, index) => {
    const { votes, faults } = tried[index];
    if (faults.error > 0) {
      return `it throws on ${faults.error} of ${probes.rows} probe rows, and all of them have every score: spell concepts and descriptions exactly as they are listed`;
    }
    return votes.every((vote) => vote === ABSTAIN)
      ? `it abstains on all ${probes.rows} probe rows, though each description is the only one that fits in one of them: spell concepts and descriptions exactly as they are listed, and ask for less`
      : undefined;
  });
  return programs.map((program, index) => reasons[index] ?? found[sound.indexOf(program)]);
}
