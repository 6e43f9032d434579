import { writeFileSync } from 'node:fs'
import { inspectRecording, type RecordingSummary } from '../recording.ts'
import { CliError, ExitCode } from './CliError.ts'
import { type InspectCommand } from './Command.ts'
import { type Printer } from './Printer.ts'
import { readRecording, refuseOthers } from './readRecording.ts'
import { recordingPage } from './recordingPage.ts'

/** Shows what is in a recording, and gives the exit code. */
export function inspect({ file, html, json }: InspectCommand, printer: Printer): ExitCode {
  const recording = readRecording(file)
  const summary = refuseOthers(file, () => inspectRecording(recording))
  const { damage } = summary
  if (json) printer.tell('', { type: 'recording', ...summary, damage: damage?.message })
  else printer.text(textOf(summary))
  if (html !== undefined) write(html, recordingPage(file, summary))
  return damage === undefined ? ExitCode.done : ExitCode.failed
}

function write(path: string, page: string): void {
  try {
    writeFileSync(path, page)
  } catch (error) {
    throw new CliError(
      ExitCode.failed,
      `cannot write ${path} (${(error as { code?: string }).code})`,
    )
  }
}

function textOf({ ticks, events, seconds, bytes, damage, sockets }: RecordingSummary): string {
  const head = `${ticks} ticks in ${seconds.toFixed(1)} s, ${events} events, ${bytes} bytes`
  const columns = ['id', 'socket', 'address', 'from', 'to', 'arrivals', 'bytes in', 'bytes out']
  const rows = sockets.map(({ id, kind, address, from, to, arrivals, bytesIn, bytesOut }) =>
    [id, kind, address, from.toFixed(1), to?.toFixed(1) ?? '', arrivals, bytesIn, bytesOut].map(
      String,
    ),
  )
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => row[at]!.length)),
  )
  const lines = [columns, ...rows].map((row) =>
    row
      .map((cell, at) => (at > 0 && at < 3 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  )
  return [head, ...(damage === undefined ? [] : [damage.message]), '', ...lines].join('\n')
}
