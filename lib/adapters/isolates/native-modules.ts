import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);

/** The file of isolated-vm's native module. Looked up here, so that the child need not read any package. */
export function isolatesModule(): string {
  const entry = require.resolve("isolated-vm");
  const { path } = createRequire(entry)("node-gyp-build") as { path: (folder: string) => string };
  return path(dirname(entry));
}

/** What native modules are made for. */
export type Machine = Pick<typeof process, "platform" | "arch">;

/** The file of Monty's native module; undefined where its publishers have none for the machine, or npm did not bring it. */
export function montyModule({ platform, arch }: Machine = process): string | undefined {
  const libc = { linux: "-gnu", win32: "-msvc" }[platform as string] ?? "";
  const name = `@pydantic/monty-${platform}-${arch}${libc}`;
  for (const resolve of [
    () => createRequire(require.resolve("@pydantic/monty")).resolve(name),
    () => require.resolve(name),
  ]) {
    try {
      return resolve();
    } catch (error) {
      // A layer brings the native module without the package around it.
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}
