import { SocketType } from 'bitecs-networking'
import { botSnapshotsPerSecond, protocolVersion, ticksPerSecond } from '../shared/constants.ts'
import { type RosterEntry, type ServerMessage } from '../shared/serverMessages.ts'
import { type Sight } from '../shared/viewSnapshot.ts'
import { chooseSteering, type Mind } from './chooseSteering.ts'
import { type Line } from './Line.ts'

/** A bot steers as often as it sees something new. */
const ticksPerSteer = ticksPerSecond / botSnapshotsPerSecond

/** A player without a person: a client of the server like any other. */
export class Bot {
  readonly #name: string
  readonly #random: () => number
  readonly #mind: Mind
  readonly #known = new Set<number>()
  /** Greets people when they come. */
  readonly #greets: boolean
  #line: Line | undefined
  #me: number | undefined
  #proof = 0
  /** How to steer, as the last snapshot has it. */
  #bits: number | undefined
  #tick = 0
  #isClosed = false

  constructor(name: string, greets: boolean, random: () => number) {
    this.#name = name
    this.#greets = greets
    this.#random = random
    this.#mind = { gem: 0, courage: 0.02 + 0.1 * random() }
    // So that not all of them steer in the same tick.
    this.#tick = Math.floor(random() * ticksPerSecond)
  }

  /** Plays over this line, which has to give what arrives to `hear`. A bot that was closed closes it. */
  play(line: Line): void {
    if (this.#isClosed) line.close()
    else {
      this.#line = line
      this.#join()
    }
  }

  /** Call it each tick. */
  tick(): void {
    const line = this.#line
    if (line === undefined) return
    line.tick()
    this.#tick++
    if (this.#me === undefined) {
      // Over UDP what was sent may be lost.
      if (this.#tick % ticksPerSecond === 0) this.#join()
    } else if (this.#tick % ticksPerSteer === 0) this.#steer(line)
  }

  close(): void {
    this.#isClosed = true
    this.#line?.close()
    this.#line = undefined
  }

  /** Whether to read such a message: of rosters those whom it greets. */
  wants(kind: ServerMessage['kind']): boolean {
    return kind !== 'roster' || this.#greets
  }

  hear(message: ServerMessage): void {
    switch (message.kind) {
      case 'prove':
        this.#proof = message.token
        if (this.#me === undefined) this.#join()
        break
      case 'welcome':
        this.#me = message.player
        break
      case 'snapshot':
        this.look(message)
        break
      case 'roster':
        if (this.#greets) this.#greet(message.entries)
        break
      default:
    }
  }

  /** Decides how to steer. */
  look({ ships, gems }: Sight): void {
    const me = ships.find(({ player }) => player === this.#me)
    this.#bits = me && chooseSteering(me, ships, gems, this.#mind, this.#random)
  }

  #join(): void {
    const proof = this.#proof
    this.#line?.send({ kind: 'join', version: protocolVersion, proof, name: this.#name })
  }

  #steer(line: Line): void {
    if (this.#bits !== undefined) line.send({ kind: 'steer', bits: this.#bits })
  }

  #greet(entries: readonly RosterEntry[]): void {
    for (const { player, socketType, name } of entries) {
      if (this.#known.has(player)) continue
      this.#known.add(player)
      if (socketType === SocketType.ws) this.#line?.send({ kind: 'say', text: `Hello, ${name}!` })
    }
  }
}
