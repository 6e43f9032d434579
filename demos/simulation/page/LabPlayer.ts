// A player of the laboratory: what the arena's page does, over a line in memory.
import { type MemoryNetwork, type PresetName } from 'bitecs-networking/simulation'
import { chooseSteering, type Mind } from '../../arena/bots/chooseSteering.ts'
import { Effects } from '../../arena/page/Effects.ts'
import { Pings } from '../../arena/page/Pings.ts'
import { Prediction } from '../../arena/page/Prediction.ts'
import { Snapshots } from '../../arena/page/Snapshots.ts'
import { protocolVersion } from '../../arena/shared/constants.ts'
import {
  type GemState,
  type RosterEntry,
  type ServerMessage,
  type ShipState,
} from '../../arena/shared/serverMessages.ts'
import { type LineType, openLine, type PlayerLine } from './openLine.ts'

/** How often a player who is not in the game yet asks for it: what was sent may be lost. */
const askMs = 500
/** How often the autopilot looks. */
const lookMs = 100
/** Who is not steered for so long is steered by the autopilot. */
const idleMs = 4_000

/** The conditions that the page's sliders set. */
export interface LineSliders {
  readonly latencyMs: number
  readonly jitterMs: number
  readonly loss: number
}

export class LabPlayer {
  readonly name: string
  readonly roster: Map<number, RosterEntry> = new Map()
  readonly effects: Effects = new Effects()
  /** What the server knows it by; `undefined` before it plays. */
  me: number | undefined
  readonly #network: MemoryNetwork
  readonly #mind: Mind = { gem: 0, courage: 0.05 }
  readonly #prediction = new Prediction()
  readonly #snapshots = new Snapshots()
  readonly #pings = new Pings((token) => this.#line.send({ kind: 'ping', token }))
  #type: LineType = 'ws'
  #conditions: PresetName | LineSliders = 'perfect'
  #isCut = false
  #line: PlayerLine
  #askedMs = 0
  #lookedMs = 0
  #steeredMs = Number.NEGATIVE_INFINITY
  #autopilotBits = 0
  #sentBits = -1

  constructor(network: MemoryNetwork, name: string) {
    this.#network = network
    this.name = name
    this.#line = this.#open()
  }

  get roundTripMs(): number | undefined {
    return this.#pings.roundTripMs
  }

  /** The tick of the newest snapshot that has come; `undefined` before one has. */
  get newestTick(): number | undefined {
    return this.#snapshots.newest?.tick
  }

  get type(): LineType {
    return this.#type
  }

  set type(type: LineType) {
    this.#type = type
    this.#reopen()
  }

  get isCut(): boolean {
    return this.#isCut
  }

  set isCut(isCut: boolean) {
    this.#isCut = isCut
    this.#applyCut()
  }

  /** Both directions of its line are so from now on. */
  setConditions(conditions: PresetName | LineSliders): void {
    this.#conditions = conditions
    this.#applyConditions()
    this.#pings.clear()
  }

  /** Hands over what has arrived, and sends what is due. `bits` is what somebody holds down. */
  tick(now: number, bits: number): void {
    if (this.#line.hasEnded()) this.#reopen()
    this.#line.tick()
    if (this.me === undefined) {
      if (now - this.#askedMs < askMs) return
      this.#askedMs = now
      this.#line.send({ kind: 'join', version: protocolVersion, proof: 0, name: this.name })
      return
    }
    this.#pings.tick(now)
    this.#steer(now, bits)
    this.#prediction.run(now)
  }

  /** The ships as they are to be seen now, its own where it is predicted to be. */
  shipsAt(now: number): ShipState[] {
    return this.#snapshots
      .ships(now)
      .map((ship) => (ship.player === this.me ? this.#prediction.show(ship) : ship))
  }

  gemsAt(now: number): readonly GemState[] {
    return this.#snapshots.gems(now)
  }

  #steer(now: number, bits: number): void {
    if (bits !== 0) this.#steeredMs = now
    const isIdle = now - this.#steeredMs > idleMs
    if (isIdle && now - this.#lookedMs >= lookMs) {
      this.#lookedMs = now
      this.#autopilotBits = this.#look(now)
    }
    const wanted = isIdle ? this.#autopilotBits : bits
    // Over UDP it may be lost, and so is said again now and then.
    const isDue = this.#type === 'udp' && now - this.#askedMs >= lookMs
    this.#prediction.bits = wanted
    if (wanted === this.#sentBits && !isDue) return
    this.#askedMs = now
    this.#sentBits = wanted
    this.#line.send({ kind: 'steer', bits: wanted })
  }

  #look(now: number): number {
    const ships = this.shipsAt(now)
    const me = ships.find(({ player }) => player === this.me)
    if (me === undefined) return 0
    return chooseSteering(me, ships, this.gemsAt(now), this.#mind, Math.random)
  }

  #hear(message: ServerMessage): void {
    const now = performance.now()
    if (message.kind === 'welcome') this.me = message.player
    else if (message.kind === 'pong') this.#pings.answered(message.token, now)
    else if (message.kind === 'roster') {
      this.roster.clear()
      for (const entry of message.entries) this.roster.set(entry.player, entry)
    } else if (message.kind === 'snapshot') {
      const { newest } = this.#snapshots
      // Over UDP one may overtake another.
      if (newest !== undefined && message.tick <= newest.tick) return
      this.#snapshots.add(message, now)
      const ship = message.ships.find(({ player }) => player === this.me)
      if (ship !== undefined) this.#prediction.correct(ship, now, this.roundTripMs ?? 0)
    }
  }

  #open(): PlayerLine {
    const line = openLine(this.#network, this.#type, (message) => this.#hear(message))
    return line
  }

  #reopen(): void {
    this.#line.close()
    this.me = undefined
    this.#sentBits = -1
    this.#snapshots.clear()
    this.#prediction.forget()
    this.#pings.clear()
    this.#line = this.#open()
    this.#applyConditions()
    this.#applyCut()
  }

  #applyConditions(): void {
    const { world } = this.#line
    for (const between of [{ from: world }, { to: world }])
      this.#network.setConditions(this.#conditions, between)
  }

  #applyCut(): void {
    const { world } = this.#line
    for (const between of [{ from: world }, { to: world }])
      if (this.#isCut) this.#network.cut(between)
      else this.#network.heal(between)
  }
}
