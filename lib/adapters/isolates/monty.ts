/** What we use of Monty's native module; the package around it is not readable in the child. */
export interface MontyModule {
  Monty: {
    create(source: string, options: { inputs: string[] }): MontyProgram | MontyFailure;
  };
  MontyException: new () => MontyFailure;
}

export interface MontyProgram {
  run(options: {
    inputs: Record<string, unknown>;
    limits: { maxDurationSecs: number; maxMemory: number; maxRecursionDepth: number };
    /** Without it what a program prints goes to the pipe that carries votes. */
    printCallback: () => void;
  }): unknown;
}

export interface MontyFailure {
  exception: { typeName: string; message: string };
  traceback(): { line: number }[];
  display(format: "traceback" | "type-msg"): string;
}
