import { InvalidInputError } from "../errors.ts";

/**
 * The classes' shares in their order.
 *
 * @param given class name → share
 * @param where how to call it in errors
 * @throws InvalidInputError unless each class has a share above 0 and they sum to 1
 */
export function classBalance(
  given: Readonly<Record<string, number>>,
  classes: readonly string[],
  where: string,
): number[] {
  for (const name of Object.keys(given)) {
    if (classes.includes(name)) continue;
    throw new InvalidInputError(
      where,
      `found the class ${JSON.stringify(name)}. The classes are ${classes.map((one) => JSON.stringify(one)).join(", ")}.`,
    );
  }
  const shares = classes.map((name) => (Object.hasOwn(given, name) ? given[name] : Number.NaN));
  for (const [label, share] of shares.entries()) {
    if (share > 0) continue;
    const found = Number.isNaN(share) ? "no share" : `the share ${share}`;
    throw new InvalidInputError(
      where,
      `found ${found} for the class ${JSON.stringify(classes[label])}. Each class needs one above 0; leave the balance out where it is not known.`,
    );
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    throw new InvalidInputError(where, `the shares sum to ${Number(sum.toFixed(6))}. Expected 1.`);
  }
  return shares.map((share) => share / sum);
}
