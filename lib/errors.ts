/** Base of every error thrown on purpose: a stable `code` to match on and a message that says what to do. */
export abstract class AlchemistError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What was dropped cannot be used as it is: trying again does not help, mending it and dropping it again does. */
export abstract class RefusedError extends AlchemistError {}

/** Programs are in a language that this machine cannot run. */
export class LanguageUnavailableError extends RefusedError {
  readonly code = "language-unavailable";
}

/** A stage was started before the object it reads was written, or somebody removed it. */
export class ObjectNotFoundError extends AlchemistError {
  readonly code = "object-not-found";
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`No object at "${key}". Has the stage that writes it finished, or was it removed?`, options);
    this.key = key;
  }
}

/** The object was overwritten since somebody looked at it. */
export class ObjectChangedError extends AlchemistError {
  readonly code = "object-changed";
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(
      `"${key}" was overwritten while it was being read. The run starts again with what is there now.`,
      options,
    );
    this.key = key;
  }
}

/** An object of ours does not parse: damaged, or written by another version. */
export class DamagedObjectError extends AlchemistError {
  readonly code = "damaged-object";

  constructor(what: string, options?: ErrorOptions) {
    super(`${what} is damaged or was written by another version. Remove it and run again.`, options);
  }
}

/** The store refused a write: a full disk, a read-only folder, a missing permission. */
export class StoreWriteError extends AlchemistError {
  readonly code = "store-write";
  readonly key: string;

  constructor(key: string, reason: string, options?: ErrorOptions) {
    super(
      `Cannot write "${key}": ${reason}. Nothing half-written is taken for complete; run again to go on from here.`,
      options,
    );
    this.key = key;
  }
}

/** Something in the task folder, a flag or a name cannot be used as it is. `where` is a file with its line or field. */
export class InvalidInputError extends RefusedError {
  readonly code = "invalid-input";
  readonly where: string;

  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(`${where}: ${problem}`, options);
    this.where = where;
  }
}

/** A picture that cannot be decoded, or not within bounds. */
export class UnreadablePictureError extends AlchemistError {
  readonly code = "unreadable-picture";
  /** Stable, among the reasons of rejected rows. */
  readonly reason: "unreadable" | "too-many-pixels";

  constructor(reason: "unreadable" | "too-many-pixels", message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
