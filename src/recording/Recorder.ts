import { type Clock } from '../clock/Clock.ts'
import { type NewEntry, type ValueOf } from './entries.ts'
import { blockOf, EntryWriter } from './EntryWriter.ts'
import { fileHeadBytes, magic, version } from './recordingFormat.ts'
import { type RecordingHead } from './RecordingHead.ts'
import { type RecordingSink } from './RecordingSink.ts'
import { type Ranges, type RecordedMessage, type Redact, redactRanges } from './Redaction.ts'

/** A block ends with the tick that makes it this large, or this long. */
const blockBytes = 64 * 1024
const blockUs = 1_000_000

/** Messages in the bytes of an entry. */
export interface EntryMessages extends Omit<RecordedMessage, 'bytes'> {
  readonly ranges: Ranges
}

/** Messages of this block that were not redacted yet. */
interface Unredacted {
  readonly at: number
  readonly size: number
  readonly messages: EntryMessages
}

/**
 * Writes down what happens in one world. Time stands still for the program while it runs: from when something happens to it
 * until it is done with that.
 */
export class Recorder {
  /** Why the recording has ended, if it has. */
  error: Error | undefined
  isOn = true
  ticks = 0
  events = 0
  readonly clock: Clock
  readonly #redact: Redact | undefined
  #unredacted: Unredacted[] = []
  readonly #sink: RecordingSink
  readonly #waitingBytesMax: number
  #writer: EntryWriter
  /** How many inputs are being handled, one within the other. */
  #depth = 0
  #nextId = 0
  #nowUs: number
  #writtenUs: number
  #blockUs: number

  constructor(clock: Clock, sink: RecordingSink, waitingBytesMax: number, redact?: Redact) {
    this.#redact = redact
    // Who gets a message may decide what is overwritten in it.
    this.#writer = new EntryWriter(redact === undefined)
    this.clock = clock
    this.#sink = sink
    this.#waitingBytesMax = waitingBytesMax
    this.#nowUs = microseconds(clock)
    this.#writtenUs = this.#blockUs = this.#nowUs
  }

  get startUs(): number {
    return this.#nowUs
  }

  begin(head: RecordingHead): void {
    const bytes = new Uint8Array(fileHeadBytes)
    bytes.set(new TextEncoder().encode(magic))
    new DataView(bytes.buffer).setUint32(8, version, true)
    this.#sink.on?.('error', (error) => this.fail(error))
    this.#pass(bytes)
    this.#pass(blockOf(new TextEncoder().encode(JSON.stringify(head))))
  }

  /** The number of what a transport has made. */
  newId(): number {
    return this.#nextId++
  }

  /** Milliseconds, as the program sees them. */
  now(): number {
    if (!this.isOn) return this.clock.now()
    // Between two inputs the program asks because it does something of its own.
    if (this.#depth === 0) {
      this.#takeTime()
      this.#add({ name: 'time' })
    }
    return this.#nowUs / 1000
  }

  /** Something happens to the program: it is written down, then `handle` runs. */
  input<Result>(entry: NewEntry, handle: () => Result): Result {
    if (!this.isOn) return handle()
    this.enter(entry)
    try {
      return handle()
    } finally {
      this.leave()
    }
  }

  /** @param messages in the bytes of the entry, if they are to be redacted */
  enter(entry: NewEntry, messages?: EntryMessages): void {
    if (this.isOn) {
      if (this.#depth === 0) {
        this.#takeTime()
        this.#add(entry)
      } else this.#writer.add(entry, -1)
      this.#note(entry, messages)
    }
    this.#depth++
  }

  /** @param isTick a tick has ended: only then code of the user may run, which redacts */
  leave(isTick = false): void {
    this.#depth--
    if (this.#depth > 0 || !this.isOn) return
    if (this.redacts && !isTick) {
      const { size } = this.#writer
      if (size > this.#waitingBytesMax) this.fail(new Error(`no tick comes: ${size} bytes wait`))
    } else if (this.#writer.size >= blockBytes || this.#nowUs - this.#blockUs >= blockUs)
      this.#endBlock()
  }

  /** The program does something. */
  output(entry: NewEntry, messages?: EntryMessages): void {
    if (!this.isOn) return
    this.#writer.add(entry, -1)
    this.#note(entry, messages)
  }

  /** Whether messages are redacted: then their limits must be known. */
  get redacts(): boolean {
    return this.#redact !== undefined
  }

  #note(entry: NewEntry, messages: EntryMessages | undefined): void {
    const at = this.#writer.lastBytesAt
    if (messages === undefined || at < 0 || !('bytes' in entry)) return
    this.#unredacted.push({ at, size: entry.bytes.length, messages })
  }

  /** What an output has returned. */
  result(value: number): void {
    if (value !== 0) this.output({ name: 'result', value })
  }

  /** What the program has asked of an end. Written if it is not what it was told last. */
  value(known: Map<ValueOf, number>, id: number, of: ValueOf, value: number): void {
    if (!this.isOn || (known.get(of) ?? 0) === value) return
    known.set(of, value)
    this.output({ name: 'value', id, of, value })
  }

  /** Ends the recording: nothing more is written down, and the program goes on. */
  end(): void {
    if (!this.isOn) return
    this.output({ name: 'end', ticks: this.ticks, events: this.events })
    this.#endBlock()
    this.#close()
  }

  fail(error: Error): void {
    this.error ??= error
    this.#close()
  }

  /** Ends the sink, also one that has failed, and lets go of what was not written. */
  #close(): void {
    if (!this.isOn) return
    this.isOn = false
    this.#unredacted = []
    this.#writer = new EntryWriter()
    this.#guard(() => this.#sink.end?.())
  }

  #takeTime(): void {
    this.#nowUs = Math.max(this.#nowUs, microseconds(this.clock))
  }

  /** With the time. */
  #add(entry: NewEntry): void {
    this.#writer.add(entry, this.#nowUs - this.#writtenUs)
    this.#writtenUs = this.#nowUs
  }

  #endBlock(): void {
    this.#blockUs = this.#nowUs
    const unredacted = this.#unredacted
    this.#unredacted = []
    for (const { at, size, messages } of unredacted) {
      if (!this.isOn) return
      this.#guard(() =>
        redactRanges(this.#writer.at(at, size), messages.ranges, messages, this.#redact!),
      )
    }
    // What could not be redacted is not written.
    if (this.isOn && this.#writer.size > 0) this.#pass(this.#writer.take())
  }

  #pass(bytes: Uint8Array): void {
    const { writableLength = 0 } = this.#sink
    if (writableLength > this.#waitingBytesMax)
      this.fail(new Error(`the sink is too slow: ${writableLength} bytes wait`))
    else this.#guard(() => this.#sink.write(bytes))
  }

  /** A sink that fails ends the recording, not the game. */
  #guard(run: () => unknown): void {
    const failed = (error: unknown): void =>
      this.fail(error instanceof Error ? error : new Error(String(error)))
    try {
      const result = run()
      if (result instanceof Promise) result.catch(failed)
    } catch (error) {
      failed(error)
    }
  }
}

function microseconds(clock: Clock): number {
  return Math.round(clock.now() * 1000)
}
