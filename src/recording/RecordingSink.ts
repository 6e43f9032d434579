/** Takes the blocks of a recording, in order. A `fs.WriteStream` is one. */
export interface RecordingSink {
  /** Takes bytes, which do not change any more. */
  write(bytes: Uint8Array): unknown
  /** Nothing more comes. */
  end?(): unknown
  /** Bytes that it has taken and not passed on. The recording ends when they are too many. */
  readonly writableLength?: number | undefined
  /** Without a listener for errors a stream of Node ends the program. */
  on?(event: 'error', listener: (error: Error) => void): unknown
}
