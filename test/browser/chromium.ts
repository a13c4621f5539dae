import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A Chromium of this machine, installed from Debian's packages where there is none and that can be done. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named !== undefined) return named;
  return PLACES.find((path) => existsSync(path)) ?? installed();
}

function installed(): string | undefined {
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    process.stderr.write("Installing Chromium from Debian's packages, for the tests of the report\n");
    const args = ["install", "-y", "--no-install-recommends", "chromium"];
    if (spawnSync("apt-get", args).status !== 0) {
      spawnSync("apt-get", ["update"]);
      spawnSync("apt-get", args);
    }
  }
  const found = PLACES.find((path) => existsSync(path));
  if (found === undefined) {
    process.stderr.write(
      "No Chromium here, and none could be installed: the report is not tried in a browser. Install one, or name it in CHROMIUM.\n",
    );
  }
  return found;
}
