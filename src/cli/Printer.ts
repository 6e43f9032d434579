import { clearLine, cursorTo, type Interface } from 'node:readline'
import { CliError, ExitCode } from './CliError.ts'
import { type PrintFormat } from './Command.ts'
import { escapeText, toJson } from './escapeText.ts'
import { type EventFacts, printEvent } from './printEvent.ts'
import { wantsColour } from './wantsColour.ts'

/**
 * Prints events on standard output and everything else on standard error. In JSON, standard output also has what
 * programs must know, such as the port.
 */
export class Printer {
  readonly format: PrintFormat
  /** Called when standard output takes no more. */
  onClosed: () => void = () => {}
  /** Where the user is typing: lines are printed above it. */
  prompt: Interface | undefined
  readonly #isColoured: boolean
  readonly #hasColouredErrors: boolean
  #isClosed = false

  constructor(format: PrintFormat) {
    this.format = format
    const { env, stdout, stderr } = process
    this.#isColoured = !format.json && wantsColour(env, stdout.isTTY)
    this.#hasColouredErrors = !format.json && wantsColour(env, stderr.isTTY)
    stdout.on('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) => {
      if (this.#isClosed) return
      this.#isClosed = true
      // A reader that has gone, such as `head`, has seen enough; a full disk is a failure.
      if (code !== 'EPIPE') {
        this.fail(new CliError(ExitCode.failed, `cannot write the output (${code})`))
        process.exitCode = ExitCode.failed
      }
      this.onClosed()
    })
    stderr.on('error', () => {})
  }

  /** Whether standard output takes no more for now. */
  get isBlocked(): boolean {
    return process.stdout.writableNeedDrain
  }

  event(event: EventFacts): void {
    this.#write(process.stdout, printEvent(event, this.format, this.#isColoured))
  }

  /** Plain text on standard output, such as help. */
  text(text: string): void {
    this.#write(process.stdout, text)
  }

  /** What has happened besides events: `text` for people, `facts` for programs. */
  tell(text: string, facts: Readonly<Record<string, unknown>>): void {
    if (this.format.json) this.#write(process.stdout, toJson(facts))
    else this.#write(process.stderr, text)
  }

  warn(message: string): void {
    this.#write(
      process.stderr,
      this.format.json
        ? toJson({ warning: message })
        : `${this.#coloured(33, 'warning')}: ${escapeText(message)}`,
    )
  }

  /** Says why the program ends. */
  fail({ message, hint, exitCode }: CliError): void {
    const { stderr } = process
    if (this.format.json) {
      this.#write(stderr, toJson({ error: message, hint, exitCode }))
      return
    }
    this.#write(stderr, `${this.#coloured(31, 'error')}: ${escapeText(message)}`)
    if (hint !== '') this.#write(stderr, hint)
  }

  /** Takes the prompt away, so that what comes next begins a line. */
  endPrompt(): void {
    if (this.prompt !== undefined) clearPrompt()
    this.prompt = undefined
  }

  #coloured(colour: number, text: string): string {
    return this.#hasColouredErrors ? `\x1b[${colour}m${text}\x1b[0m` : text
  }

  #write(stream: NodeJS.WriteStream, text: string): void {
    if (this.#isClosed && stream === process.stdout) return
    if (this.prompt === undefined) {
      stream.write(`${text}\n`)
      return
    }
    clearPrompt()
    stream.write(`${text}\n`)
    this.prompt.prompt(true)
  }
}

function clearPrompt(): void {
  clearLine(process.stdout, 0)
  cursorTo(process.stdout, 0)
}
