import { CliError, ExitCode } from './CliError.ts'

const lineFeed = 10
const carriageReturn = 13

/**
 * The lines of a stream of bytes, without their ends: LF or CRLF. The last one may have none. No more is taken from the
 * stream than the lines that are asked for need. A line is held until its end has come: throws a `CliError` for one that is
 * longer than `lineBytesMax`.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  lineBytesMax: number = 64 * 1024 * 1024,
): AsyncGenerator<Uint8Array, void, undefined> {
  /** The parts of a line whose end has not come. */
  let parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let to = chunk.indexOf(lineFeed); to >= 0; to = chunk.indexOf(lineFeed, from)) {
      yield withoutReturn(Buffer.concat([...parts, chunk.subarray(from, to)]))
      parts = []
      size = 0
      from = to + 1
    }
    const rest = chunk.subarray(from)
    size += rest.length
    if (size > lineBytesMax)
      throw new CliError(ExitCode.usage, `a line of the input is longer than ${lineBytesMax} bytes`)
    if (rest.length > 0) parts.push(rest)
  }
  if (size > 0) yield withoutReturn(Buffer.concat(parts))
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line
}
