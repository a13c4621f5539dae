import { cpSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { montyModule } from "../../lib/adapters/isolates/native-modules.ts";

/**
 * Makes the folder of a Lambda layer that holds Monty's native module for one platform, from what npm installed here.
 *
 * @param folder what it held of a layer is replaced; becomes what the layer's zip holds
 * @returns the layer's size, unpacked; undefined where npm did not bring the module, or there is none to bring
 */
export function buildPythonLayer(
  platform: "linux-x64" | "linux-arm64",
  folder: string,
): { bytes: number } | undefined {
  rmSync(join(folder, "nodejs"), { recursive: true, force: true });
  return copyMonty(platform, join(folder, "nodejs/node_modules"));
}

/**
 * Copies Monty's native module for one platform from what npm installed here.
 *
 * @param modules a folder of packages
 * @returns the size of what was copied; undefined where npm did not bring it
 */
export function copyMonty(
  platform: "linux-x64" | "linux-arm64",
  modules: string,
): { bytes: number } | undefined {
  const arch = platform === "linux-x64" ? "x64" : "arm64";
  const native = montyModule({ platform: "linux", arch });
  if (native === undefined) return undefined;
  const target = join(modules, `@pydantic/monty-${platform}-gnu`);
  let bytes = 0;
  for (const file of [native, join(dirname(native), "package.json")]) {
    const copy = join(target, file.slice(dirname(native).length + 1));
    cpSync(file, copy);
    bytes += statSync(copy).size;
  }
  return { bytes };
}

if (import.meta.main) {
  const platform = process.argv[2] === "linux-arm64" ? "linux-arm64" : "linux-x64";
  const folder = join(import.meta.dirname, "dist", platform);
  const built = buildPythonLayer(platform, folder);
  console.log(
    built
      ? `${folder}: ${(built.bytes / 1024 / 1024).toFixed(2)} MiB`
      : `npm brought no @pydantic/monty for ${platform}. There is one for linux-x64: npm ci --os=linux --cpu=x64 --libc=glibc`,
  );
}
