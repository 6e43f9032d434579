import { SocketType } from 'bitecs-networking'
import { sightsPerSecond, protocolVersion, ticksPerSecond } from '../shared/constants.ts'
import { type ServerMessage } from '../shared/serverMessages.ts'
import { chooseSteering, type Mind } from './chooseSteering.ts'
import { type Line, type Sight } from './Line.ts'

/** A bot looks and steers as often as it sees something new. */
const ticksPerSteer = ticksPerSecond / sightsPerSecond

/** A player without a person: a client of the server like any other. */
export class Bot {
  readonly #name: string
  readonly #random: () => number
  readonly #mind: Mind
  readonly #known = new Set<string>()
  /** Greets people when they come. */
  readonly #greets: boolean
  #line: Line | undefined
  #isIn = false
  #proof = 0
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
    if (!this.#isIn) {
      // Over UDP what was sent may be lost.
      if (this.#tick % ticksPerSecond === 0) this.#join()
    } else if (this.#tick % ticksPerSteer === 0) this.#steer(line)
  }

  close(): void {
    this.#isClosed = true
    this.#line?.close()
    this.#line = undefined
  }

  hear(message: ServerMessage): void {
    if (message.kind === 'welcome') this.#isIn = true
    else if (message.kind === 'prove') {
      this.#proof = message.token
      if (!this.#isIn) this.#join()
    }
  }

  #join(): void {
    const proof = this.#proof
    this.#line?.send({ kind: 'join', version: protocolVersion, proof, name: this.#name })
  }

  #steer(line: Line): void {
    const sight = line.look()
    if (sight.me === undefined) return
    if (this.#greets) this.#greet(line, sight)
    line.send({ kind: 'steer', bits: chooseSteering(sight.me, sight, this.#mind, this.#random) })
  }

  #greet(line: Line, { ships }: Sight): void {
    for (const { name, socketType } of ships) {
      if (name === undefined || socketType !== SocketType.ws || this.#known.has(name)) continue
      this.#known.add(name)
      line.send({ kind: 'say', text: `Hello, ${name}!` })
    }
  }
}
