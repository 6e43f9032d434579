/** Why the program cannot do what it was asked to: a line for the user, a hint, and the code that it ends with. */
export class CliError extends Error {
  readonly exitCode: ExitCode
  /** What to try instead; empty for nothing. */
  readonly hint: string

  constructor(exitCode: ExitCode, message: string, hint: string = '') {
    super(message)
    this.exitCode = exitCode
    this.hint = hint
  }
}

/** What the program ends with. `docs/cli.md` and `--help` tell the same. */
export const ExitCode = {
  done: 0,
  /** Could not listen or connect, lost the connection, a run failed, or could not write the output. */
  failed: 1,
  usage: 2,
  /** `connect`: the server ended the connection. */
  disconnected: 3,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
