import { access, cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { command } from "./command.ts";
import { NotVerifiableError } from "./not-verifiable-error.ts";

const VERSION = "4.0.2";
const folder = join(cacheFolder, `runtime-client-${VERSION}`);
const package_ = join(folder, "node_modules/aws-lambda-ric");
const script = join(package_, "index.mjs");

/** Whether it was fetched before: tests do not reach out for it. */
export const isRuntimeClientHere = (): Promise<boolean> =>
  access(script).then(
    () => true,
    () => false,
  );

/**
 * Fetches AWS's own runtime interface client, the program that Lambda starts and that loads a handler.
 *
 * Its native part, a C++ HTTP client, takes minutes and a compiler to build: `runtime-client-native` stands in for it,
 * a folder that `require("./rapid-client.node")` finds in the file's place.
 *
 * @returns the client's script
 * @throws NotVerifiableError
 */
export async function fetchRuntimeClient(): Promise<string> {
  if (!(await isRuntimeClientHere())) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    try {
      await command("npm", ["install", ...quietly, "--prefix", folder, `aws-lambda-ric@${VERSION}`]);
    } catch (cause) {
      throw new NotVerifiableError(
        `aws-lambda-ric ${VERSION}, which runs the functions, cannot be fetched`,
        "Run this where npm reaches its registry; afterwards it needs no network.",
        { cause },
      );
    }
  }
  const standIn = join(import.meta.dirname, "runtime-client-native");
  await cp(standIn, join(package_, "rapid-client.node"), { recursive: true });
  return script;
}
