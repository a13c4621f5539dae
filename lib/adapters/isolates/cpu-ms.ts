/** CPU milliseconds of this process so far. The clock would make a busy machine the program's fault. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
