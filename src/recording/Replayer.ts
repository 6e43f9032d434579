import { setTurn, realClock } from '../clock/Clock.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type Difference } from './Difference.ts'
import { isSameEntry, showDifference } from './showDifference.ts'
import { type Entry, type EntryName, inputNames, type NewEntry, type ValueOf } from './entries.ts'
import { ReplayConnection, type ReplayedProgram } from './ReplayConnection.ts'
import { type RecordingFile } from './RecordingFile.ts'
import { ReplayTargets } from './ReplayTargets.ts'

/** After these inputs promises settle and the program goes on, before the next one comes. */
const settling: ReadonlySet<EntryName> = /* @__PURE__ */ new Set<EntryName>([
  'lookedUp',
  'timer',
  'opened',
  'failed',
  'ended',
  'listening',
  'tick',
])

/** Lets happen in a world what a recording says, and compares what the world does meanwhile. */
export class Replayer implements ReplayedProgram {
  readonly targets: ReplayTargets = new ReplayTargets()
  readonly timers: Map<number, () => void> = new Map()
  readonly lookUps: Map<number, (found: readonly string[] | NetworkError) => void> = new Map()
  difference: Difference | undefined
  /** Where the recording is damaged, if it is. */
  damage: Error | undefined
  tick = 0
  isOver = false
  readonly #file: RecordingFile
  readonly #hasOutcome: () => boolean
  readonly #redacted: (made: NewEntry) => NewEntry
  readonly #values = new Map<string, number>()
  #ahead: Entry | undefined
  #timeUs = 0
  #isInTick = false

  /**
   * @param hasOutcome whether a promise of the program is about to settle
   * @param redacted what a recording would have of what the program does
   */
  constructor(
    file: RecordingFile,
    hasOutcome: () => boolean,
    redacted: (made: NewEntry) => NewEntry = (made) => made,
  ) {
    this.#redacted = redacted
    this.#file = file
    this.#hasOutcome = hasOutcome
  }

  /** Milliseconds, as the program saw them. */
  now(): number {
    if (this.#peek()?.name === 'time') this.#take()
    return (this.#file.head.startUs + this.#timeUs) / 1000
  }

  /** Lets happen what comes before the next tick. Returns whether there is one. */
  async toNextTick(): Promise<boolean> {
    await turn()
    while (!this.isOver) {
      const entry = this.#peek()
      if (entry === undefined || entry.name === 'end') break
      if (entry.name === 'tick') return true
      if (inputNames.has(entry.name)) {
        this.#deliver(this.#take()!)
        if (settling.has(entry.name) || this.#hasOutcome()) await turn()
      } else if (isAnswer(entry) && entry.name !== 'random') this.#take()
      // The program does it itself before its tick, or it is missed then.
      else return true
    }
    this.isOver = true
    return false
  }

  /** A tick of the program begins. */
  beginTick(): void {
    if (this.#isInTick) return
    this.#isInTick = true
    this.tick++
    this.#goTo('tick')
    if (this.#peek()?.name === 'tick') this.#take()
  }

  /** The tick has taken these events. */
  compareEvents(arrivals: readonly number[]): void {
    // A connection that is read on may have held something.
    this.#deliverNested()
    const entry = this.#peek()
    if (this.isOver || this.#isAtEnd()) return
    if (entry?.name === 'events') {
      this.#take()
      if (String(entry.arrivals) === String(arrivals)) return
      this.#differ(entry, { name: 'events', arrivals })
    } else if (arrivals.length > 0) this.#differ(undefined, { name: 'events', arrivals })
  }

  endTick(): void {
    this.#goTo('tickEnd')
    if (this.#peek()?.name === 'tickEnd') this.#take()
    this.#isInTick = false
  }

  /** The program does something. Returns what the network has answered. */
  output(done: NewEntry): number {
    if (this.isOver) return 0
    const made = this.#redacted(done)
    this.#passAnswers()
    this.#deliverNested()
    if (this.#isAtEnd()) return 0
    const entry = this.#peek()
    if (!isSameEntry(entry, made)) {
      this.#differ(entry, made)
      return 0
    }
    this.#take()
    this.#deliverNested()
    const answer = this.#peek()
    if (answer?.name !== 'result') return 0
    this.#take()
    return answer.value
  }

  /** What the program asks of an end. */
  value(id: number, of: ValueOf): number {
    const key = `${id} ${of}`
    const entry = this.#peek()
    if (entry?.name === 'value' && entry.id === id && entry.of === of) this.#take()
    return this.#values.get(key) ?? 0
  }

  random(): number {
    const entry = this.#peek()
    if (entry?.name !== 'random') return 0
    this.#take()
    return entry.value
  }

  /** A random number or a connection may be asked for in another order, if the program is another. */
  nextId(name: 'listen' | 'connect' | 'bind'): number {
    this.#passAnswers()
    this.#deliverNested()
    const entry = this.#peek()
    return entry?.name === name ? entry.id : -1
  }

  /** Goes on to an entry; what the program should have done before it was not done. */
  #goTo(name: 'tick' | 'tickEnd'): void {
    for (;;) {
      const entry = this.#peek()
      if (entry === undefined || entry.name === name || entry.name === 'end' || this.isOver) return
      // The program has more ticks than the recorded one had.
      if (name === 'tickEnd' && entry.name === 'tick') return
      this.#take()
      if (inputNames.has(entry.name)) this.#deliver(entry)
      else if (!isAnswer(entry) && entry.name !== 'tickEnd') this.#differ(entry, undefined)
    }
  }

  /** What the program does after the recording has ended is compared with nothing. */
  #isAtEnd(): boolean {
    const entry = this.#peek()
    this.isOver ||= entry === undefined || entry.name === 'end'
    return this.isOver
  }

  #deliverNested(): void {
    for (;;) {
      const entry = this.#peek()
      if (entry === undefined || !entry.isNested || !inputNames.has(entry.name)) return
      this.#take()
      this.#deliver(entry)
    }
  }

  #passAnswers(): void {
    for (;;) {
      const entry = this.#peek()
      if (entry === undefined || !isAnswer(entry)) return
      this.#take()
    }
  }

  #deliver(entry: Entry): void {
    if (entry.name === 'timer') {
      const run = this.timers.get(entry.timer)
      this.timers.delete(entry.timer)
      run?.()
    } else if (entry.name === 'lookedUp') {
      const { lookUp, error, addresses } = entry
      this.lookUps.get(lookUp)?.(error === 0 ? addresses : (error as NetworkError))
      this.lookUps.delete(lookUp)
    } else if (entry.name === 'accepted') {
      const { by, id, ip, ports, abilities, handshakeMs } = entry
      const connection = new ReplayConnection(this, id, handshakeMs)
      connection.open(ip, ports, abilities)
      this.targets.accept(by, id, connection)
    } else this.targets.deliver(entry)
  }

  #differ(recorded: Entry | undefined, made: NewEntry | undefined): void {
    const id = recorded !== undefined && 'id' in recorded ? recorded.id : idOf(made)
    const socket = id < 0 ? undefined : this.targets.entityOf(id)
    this.difference ??= showDifference(
      this.#isInTick ? this.tick : this.tick + 1,
      socket,
      recorded,
      made,
    )
    this.isOver = true
  }

  #peek(): Entry | undefined {
    if (this.#ahead !== undefined || this.damage !== undefined) return this.#ahead
    try {
      this.#ahead = this.#file.next()
    } catch (error) {
      this.damage = error as Error
    }
    return this.#ahead
  }

  #take(): Entry | undefined {
    const entry = this.#peek()
    this.#ahead = undefined
    if (entry === undefined) return undefined
    if (!entry.isNested) this.#timeUs = entry.timeUs
    if (entry.name === 'value') this.#values.set(`${entry.id} ${entry.of}`, entry.value)
    return entry
  }
}

/** What the network has answered, which a program need not ask again. */
function isAnswer({ name }: Entry): boolean {
  return name === 'value' || name === 'result' || name === 'time' || name === 'random'
}

function idOf(entry: NewEntry | undefined): number {
  return entry !== undefined && 'id' in entry ? entry.id : -1
}

/** Lets promises settle, and everything that follows from them. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTurn(realClock, resolve))
}
