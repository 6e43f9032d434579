import { createWorld } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createSocket,
  destroySocket,
  NetworkSystem,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type RecordedMessage, recordNetwork } from 'bitecs-networking/recording'
import { mulberry32 } from '../lib/random.ts'
import { turns } from '../lib/until.ts'
import { MemorySink } from './MemorySink.ts'
import { PointsGame } from './PointsGame.ts'

/** Something that players say and that nobody else should know. */
export const secretText = 'the password of a player'

interface PlayOptions {
  /** Each message in so many has the secret in it. */
  readonly secretEvery?: number
  readonly redact?: (message: RecordedMessage) => void
}

interface PlayedGame {
  readonly bytes: Uint8Array
  readonly state: unknown
  readonly error: Error | undefined
}

/** Plays a game with clients over real sockets, and returns what was recorded of it and how it ended. */
export async function playRecorded(
  seed: number,
  ticks: number,
  { secretEvery = Infinity, redact }: PlayOptions = {},
): Promise<PlayedGame> {
  const random = mulberry32(seed)
  const whole = (below: number): number => Math.floor(random() * below)
  const game = new PointsGame()
  const sink = new MemorySink()
  const recording = recordNetwork(game.world, sink, redact && { redact })
  game.isBlind = secretEvery < Infinity
  game.start()
  game.makeReliable()
  const ports = game.servers.map((server) => Socket(game.world).port[server]!)
  const players = createWorld()
  const types = [SocketType.tcp, SocketType.ws, SocketType.udp] as const
  const sockets: [socket: number, kind: number][] = []
  let messages = 0
  try {
    for (let tick = 0; tick < ticks; tick++) {
      if (sockets.length < 9 && tick % 8 === 0) {
        const kind = whole(3)
        const socket = createSocket(players, types[kind]!)
        if (kind === 2) setNetworkConfig(players, socket, { reliable: random() < 0.5 })
        else void connectSocket(players, socket, '127.0.0.1', ports[kind]!)
        sockets.push([socket, kind])
      }
      for (const [socket, kind] of sockets) {
        const noise = Uint8Array.from({ length: whole(40) }, () => whole(256))
        const hasSecret = ++messages % secretEvery === 0
        const message = hasSecret ? Buffer.concat([noise, Buffer.from(secretText)]) : noise
        if (kind === 2) sendUdp(players, socket, '127.0.0.1', ports[2]!, message)
        else sendPacket(players, socket, message)
      }
      if (sockets.length > 3 && whole(40) === 0)
        destroySocket(players, sockets.splice(whole(sockets.length), 1)[0]![0])
      NetworkSystem(players)
      await turns(2)
      joinAt(game, tick + 1)
      game.step()
      await turns(1)
    }
    const state = structuredClone(game.state())
    recording.stop()
    return { bytes: sink.bytes(), state, error: recording.error }
  } finally {
    closeNetwork(players)
    closeNetwork(game.world)
  }
}

/** The game is a client of itself, too. */
export function joinAt(game: PointsGame, tick: number): void {
  const [tcp, ws, udp] = game.servers.map((server) => Socket(game.world).port[server]!)
  if (tick === 21) game.join(SocketType.tcp, tcp!)
  if (tick === 31) game.join(SocketType.ws, ws!)
  if (tick === 41) game.join(SocketType.udp, udp!, 'localhost')
  if (tick === 51) game.join(SocketType.tcp, 1)
}
