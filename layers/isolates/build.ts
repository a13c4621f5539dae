import { cp, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { InvalidInputError } from "../../lib/errors.ts";

/** The two processors of Lambda. */
const PLATFORMS = ["linux-x64", "linux-arm64"];

/** Node 24's; Lambda's Amazon Linux has glibc. */
const PREBUILD = "isolated-vm.abi137.glibc.node";

/**
 * Makes the folder of a Lambda layer that holds `isolated-vm` for one platform, from what npm installed here.
 *
 * @param folder replaced; becomes what the layer's zip holds
 * @returns the layer's size, unpacked
 * @throws InvalidInputError on a platform that Lambda does not have
 */
export async function buildIsolatesLayer(platform: string, folder: string): Promise<{ bytes: number }> {
  if (!PLATFORMS.includes(platform)) {
    throw new InvalidInputError("platform", `found "${platform}". Expected ${PLATFORMS.join(" or ")}.`);
  }
  const require = createRequire(import.meta.url);
  const isolatedVm = require.resolve("isolated-vm/package.json");
  const nodeGypBuild = createRequire(isolatedVm).resolve("node-gyp-build/package.json");
  const files: [packageJson: string, file: string][] = [
    [isolatedVm, "package.json"],
    [isolatedVm, "isolated-vm.js"],
    [isolatedVm, "LICENSE"],
    [isolatedVm, `prebuilds/${platform}/${PREBUILD}`],
    [nodeGypBuild, "package.json"],
    [nodeGypBuild, "index.js"],
    [nodeGypBuild, "node-gyp-build.js"],
    [nodeGypBuild, "LICENSE"],
  ];
  await rm(folder, { recursive: true, force: true });
  let bytes = 0;
  for (const [packageJson, file] of files) {
    const name = packageJson === isolatedVm ? "isolated-vm" : "node-gyp-build";
    const target = join(folder, "nodejs/node_modules", name, file);
    await cp(join(dirname(packageJson), file), target);
    bytes += (await stat(target)).size;
  }
  return { bytes };
}

if (import.meta.main) {
  const [platform = PLATFORMS[0]] = process.argv.slice(2);
  const folder = join(import.meta.dirname, "dist", platform);
  const { bytes } = await buildIsolatesLayer(platform, folder);
  console.log(`${folder}: ${(bytes / 1024 / 1024).toFixed(2)} MiB`);
}
