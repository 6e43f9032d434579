/** A recording is not whole, or is none. What stands before `offset` can be replayed. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
  /** Where in the file the damage begins, in bytes. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(`${message}, at byte ${offset} of the recording`)
    this.offset = offset
  }
}
