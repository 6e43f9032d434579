import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { SocketType } from 'bitecs-networking'
import { createConnectedLine } from '../../../demos/arena/bots/createConnectedLine.ts'
import { createUdpLine } from '../../../demos/arena/bots/createUdpLine.ts'
import { type Line, type Sight } from '../../../demos/arena/bots/Line.ts'
import { type Arena } from '../../../demos/arena/server/Arena.ts'
import { closeArena, createArena, portOf } from '../../../demos/arena/server/createArena.ts'
import { tickArena } from '../../../demos/arena/server/tickArena.ts'
import { protocolVersion } from '../../../demos/arena/shared/constants.ts'
import { type ShipState } from '../../../demos/arena/shared/picture.ts'
import { type ServerMessage } from '../../../demos/arena/shared/serverMessages.ts'
import { mulberry32 } from '../../lib/random.ts'
import { until } from '../../lib/until.ts'

type Kind = ServerMessage['kind']
export type MessageOf<K extends Kind> = Extract<ServerMessage, { kind: K }>

/** An arena in this process, and real clients of it. */
export class ArenaStage {
  readonly arena: Arena
  /** What the server has printed. */
  readonly lines: string[] = []
  readonly http: Server
  readonly #players: StagePlayer[] = []

  private constructor(http: Server) {
    this.http = http
    this.arena = createArena({
      http,
      tcpPort: 0,
      udpPort: 0,
      random: mulberry32(1),
      print: (line) => this.lines.push(line),
    })
  }

  /** Opens one, runs a case in it, and closes everything. */
  static async with(play: (stage: ArenaStage) => Promise<void>): Promise<void> {
    const http = createServer().listen(0)
    await until(() => http.listening)
    const stage = new ArenaStage(http)
    try {
      await play(stage)
    } finally {
      for (const player of stage.#players) player.close()
      closeArena(stage.arena)
      http.close()
      http.closeAllConnections()
    }
  }

  /** @param replicated whether it joins the replication; otherwise it gets sights */
  async tcp(replicated = true): Promise<StagePlayer> {
    const port = portOf(this.arena, this.arena.servers.tcp)
    return this.#add(async (hear) =>
      createConnectedLine(SocketType.tcp, '127.0.0.1', port, hear, { replicated }),
    )
  }

  async udp(): Promise<StagePlayer> {
    const { udp } = this.arena.servers
    return this.#add(async (hear) => createUdpLine(portOf(this.arena, udp), hear))
  }

  async ws(): Promise<StagePlayer> {
    const { port } = this.http.address() as AddressInfo
    return this.#add(async (hear) =>
      createConnectedLine(SocketType.ws, `ws://127.0.0.1:${port}/arena`, 0, hear),
    )
  }

  /** Ticks the server and all players until the condition holds. */
  until(condition: () => boolean): Promise<void> {
    return until(condition, () => this.tick())
  }

  tick(count = 1): void {
    for (let index = 0; index < count; index++) {
      tickArena(this.arena)
      for (const player of this.#players) player.tick()
    }
  }

  async #add(
    open: (hear: (message: ServerMessage) => void) => Promise<Line>,
  ): Promise<StagePlayer> {
    const player = new StagePlayer(this)
    let isOpen = false
    const opening = player.open(open).then(() => (isOpen = true))
    await until(
      () => isOpen,
      () => this.tick(),
    )
    await opening
    this.#players.push(player)
    return player
  }
}

/** A client of the arena. */
export class StagePlayer {
  readonly heard: ServerMessage[] = []
  /** The net id of its ship. */
  id = 0
  readonly #stage: ArenaStage
  #line: Line | undefined

  constructor(stage: ArenaStage) {
    this.#stage = stage
  }

  async open(make: (hear: (message: ServerMessage) => void) => Promise<Line>): Promise<void> {
    this.#line = await make((message) => this.heard.push(message))
  }

  get line(): Line {
    return this.#line!
  }

  /** The newest message of a kind. */
  last<K extends Kind>(kind: K): MessageOf<K> | undefined {
    return this.heard.findLast((message): message is MessageOf<K> => message.kind === kind)
  }

  /** Whether it sees its own ship. */
  get isShown(): boolean {
    return this.line.look().me !== undefined
  }

  get ships(): Sight['ships'] {
    return this.line.look().ships
  }

  get gems(): Sight['gems'] {
    return this.line.look().gems
  }

  /** This player's ship where ships are replicated. */
  get ship(): ShipState | undefined {
    const { me } = this.line.look()
    return me && 'vx' in me ? (me as ShipState) : undefined
  }

  /** The ship of a name where ships are replicated. */
  shipOf(wanted: string): ShipState | undefined {
    return this.ships.find(({ name }) => name === wanted) as ShipState | undefined
  }

  /** Waits for a message of a kind that has not been heard before this call. */
  async hears<K extends Kind>(kind: K): Promise<MessageOf<K>> {
    this.heard.length = 0
    await this.#stage.until(() => this.last(kind) !== undefined)
    return this.last(kind)!
  }

  async joins(name: string, version: number = protocolVersion): Promise<void> {
    this.line.send({ kind: 'join', version, proof: 0, name })
    await this.#stage.until(
      () => this.last('welcome') !== undefined || this.last('prove') !== undefined,
    )
    const token = this.last('prove')?.token
    if (token !== undefined) {
      this.line.send({ kind: 'join', version, proof: token, name })
      await this.#stage.until(() => this.last('welcome') !== undefined)
    }
    this.id = this.last('welcome')!.ship
    await this.#stage.until(() => this.isShown)
  }

  tick(): void {
    this.#line?.tick()
  }

  close(): void {
    this.#line?.close()
    this.#line = undefined
  }
}
