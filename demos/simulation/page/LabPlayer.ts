// A player of the laboratory: what the arena's page does, over a line in memory.
import { type MemoryNetwork, type PresetName } from 'bitecs-networking/simulation'
import { chooseSteering, type Mind } from '../../arena/bots/chooseSteering.ts'
import { Effects } from '../../arena/page/Effects.ts'
import { Pings } from '../../arena/page/Pings.ts'
import { Prediction } from '../../arena/page/Prediction.ts'
import { protocolVersion } from '../../arena/shared/constants.ts'
import { type Picture, type ShipState } from '../../arena/shared/picture.ts'
import { type ServerMessage } from '../../arena/shared/serverMessages.ts'
import { type LineType, openLine, type PlayerLine } from './openLine.ts'
import { type Label } from './SightPlayback.ts'

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
  readonly effects: Effects = new Effects()
  #isPlaying = false
  #tick: number | undefined
  readonly #network: MemoryNetwork
  readonly #mind: Mind = { gem: 0, courage: 0.05 }
  readonly #prediction = new Prediction()
  readonly #labelOf: (netId: number) => Label
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

  /** @param labelOf what a player over UDP cannot know of a ship */
  constructor(network: MemoryNetwork, name: string, labelOf: (netId: number) => Label) {
    this.#network = network
    this.#labelOf = labelOf
    this.name = name
    this.#line = this.#open()
  }

  get roundTripMs(): number | undefined {
    return this.#pings.roundTripMs
  }

  /** What its ship is known by in pictures; `undefined` before it plays. */
  get me(): number | undefined {
    return this.#isPlaying ? this.#line.ownShip()?.player : undefined
  }

  /** The tick of the newest snapshot that has come; `undefined` before one has. */
  get newestTick(): number | undefined {
    return this.#line.newestTick
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
    if (!this.#isPlaying) {
      if (now - this.#askedMs < askMs) return
      this.#askedMs = now
      this.#line.send({ kind: 'join', version: protocolVersion, proof: 0, name: this.name })
      return
    }
    this.#pings.tick(now)
    this.#correct(now)
    this.#steer(now, bits)
    this.#prediction.run(now)
  }

  /** What is to be seen now, its own ship where it is predicted to be. */
  pictureAt(now: number): Picture {
    const { ships, gems } = this.#line.picture(now)
    const { me } = this
    const show = (ship: ShipState): ShipState =>
      ship.player === me ? this.#prediction.show(ship) : ship
    return { ships: ships.map(show), gems }
  }

  /** What a ship is known by in its pictures, from its net id. */
  playerOf(netId: number): number | undefined {
    return this.#line.playerOf(netId)
  }

  /** Takes the server's word of its own ship, if there is a new one. */
  #correct(now: number): void {
    const { newestTick } = this
    const own = this.#line.ownShip()
    if (newestTick === this.#tick || own === undefined) return
    this.#tick = newestTick
    this.#prediction.correct(own, now, this.roundTripMs ?? 0)
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
    const picture = this.pictureAt(now)
    const me = picture.ships.find(({ player }) => player === this.me)
    return me === undefined ? 0 : chooseSteering(me, picture, this.#mind, Math.random)
  }

  #hear(message: ServerMessage): void {
    const now = performance.now()
    if (message.kind === 'welcome') this.#isPlaying = true
    else if (message.kind === 'pong') this.#pings.answered(message.token, now)
  }

  #open(): PlayerLine {
    const hear = (message: ServerMessage): void => this.#hear(message)
    return openLine(this.#network, this.#type, hear, this.#labelOf)
  }

  #reopen(): void {
    this.#line.close()
    this.#isPlaying = false
    this.#tick = undefined
    this.#sentBits = -1
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
