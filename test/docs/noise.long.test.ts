import { type EntityId, hasComponent, type World } from 'bitecs'
import {
  Connected,
  connectSocket,
  createSocket,
  getBufferBytes,
  NetworkType,
  onNetworking,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  SocketType,
} from 'bitecs-networking'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { runBlock } from '../lib/documentBlocks.ts'
import { connectWhenReady, freePort } from '../lib/freePort.ts'
import { type NodeProgram } from '../lib/NodeProgram.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { type Noise, noiseMessages, withSeed } from '../lib/noise.ts'
import { figure, rowSeed } from '../lib/row.ts'
import { overTcp, overUdp, overWebSocket, sendAll, type Stranger } from '../lib/strangers.ts'
import { until } from '../lib/until.ts'
import { withNet } from '../lib/withNet.ts'
import { spec } from '../spec.ts'
import { noiseServers, type NoiseServer, webSocketServers } from './noiseServers.ts'

// The README's servers among strangers who send anything.

const rounds = Math.max(10, Math.ceil(noiseMessages / 10_000))
const perRound = Math.ceil(noiseMessages / rounds)

type Play = (noise: Noise, net: TestNet, port: number, program: Watched) => Promise<void>

/** A program among strangers. */
interface Watched {
  readonly program: NodeProgram
  /** It must be there, and have printed nothing that a terminal obeys, nor that its ticks stand still. */
  readonly check: () => void
}

/** Runs a server, and plays with it; it must go on. */
function withServer({ name, code, transport }: NoiseServer, play: Play): () => Promise<void> {
  return withNet((net) =>
    withSeed(async (noise) => {
      const port = await freePort()
      const file = `${name.replaceAll(' ', '-')}-${transport}`
      const program = runBlock('noise', file, code.replaceAll('6510', String(port)))
      let printed = 0
      const check = (): void => {
        assert.is(program.hasEnded, false, program.output)
        assert.not.match(program.output, /[^\P{Cc}\n]/u)
        assert.not.match(program.output, /has not run/)
        printed += program.output.length
        // Else it takes the memory of this process.
        program.output = ''
      }
      const started = performance.now()
      try {
        await play(noise, net, port, { program, check })
        check()
        const seconds = (performance.now() - started) / 1_000
        const did = `${rounds * perRound} messages, ${seconds.toFixed(1)} s`
        const wrote = `${printed} characters printed, ${memoryOf(program)}`
        figure('R-31', `${name} over ${transport}: ${did}, ${wrote}`)
      } finally {
        program.end()
      }
    }),
  )
}

/** How much memory a program has, and had at most, where the system says it. */
function memoryOf({ pid }: NodeProgram): string {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return ''
  const status = readFileSync(file, 'utf8')
  return ['VmRSS', 'VmHWM'].map((key) => new RegExp(`${key}:.*`).exec(status)?.[0]).join(', ')
}

/** Sends a round of noise, while the player goes on. */
async function sendRound(stranger: Stranger, noise: Noise, player: World): Promise<void> {
  let isDone = false
  const sending = sendAll(stranger, noise, perRound).finally(() => (isDone = true))
  await until(() => isDone, [player], 60_000)
  await sending
}

/** Notes when a text that ends so comes to a world. */
function watchFor(world: World, socket: EntityId): { words: string; hasCome: boolean } {
  const watched = { words: '', hasCome: false }
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    const text = Buffer.from(getBufferBytes(asyncLoad.buffer)).toString()
    if (text.endsWith(watched.words)) watched.hasCome = true
  })
  return watched
}

/** A player over TCP or WebSocket sends a packet after each round, and gets it back. */
function playConnected(type: SocketType, overPort: (port: number) => Stranger): Play {
  return async (noise, net, port, { check }) => {
    ;(await connectWhenReady(port)).destroy()
    const world = net.world()
    const socket = createSocket(world, type)
    const connecting = connectSocket(world, socket, '127.0.0.1', port)
    let result: number | undefined
    void connecting.then((value) => (result = value))
    await until(() => result !== undefined, [world])
    assert.ok(result! >= 0)
    const watched = watchFor(world, socket)
    for (let round = 0; round < rounds; round++) {
      await sendRound(overPort(port), noise, world)
      watched.words = `still here ${round}\0`
      watched.hasCome = false
      assert.ok(sendPacket(world, socket, Buffer.from(watched.words)) > 0)
      await until(() => watched.hasCome, [world])
      check()
    }
    assert.ok(hasComponent(world, socket, Connected))
  }
}

const playOverUdp: Play = async (noise, net, port, { program, check }) => {
  // The block's own hello.
  await program.says('says ')
  const world = net.world()
  const socket = createSocket(world, SocketType.udp)
  // As the server is: its answers are repeated until they have arrived.
  setNetworkConfig(world, socket, { reliable: true })
  const watched = watchFor(world, socket)
  for (let round = 0; round < rounds; round++) {
    await sendRound(overUdp(port), noise, world)
    // A number may have been read off its beginning.
    watched.words = `here ${round}\0`
    watched.hasCome = false
    const sent = `still here ${round}\0`
    assert.ok(sendUdp(world, socket, '127.0.0.1', port, Buffer.from(sent)) > 0)
    await until(() => watched.hasCome, [world])
    check()
  }
}

const plays: Readonly<Record<NoiseServer['transport'], Play>> = {
  tcp: playConnected(SocketType.tcp, overTcp),
  ws: playConnected(SocketType.ws, (port) => overWebSocket(`ws://127.0.0.1:${port}`)),
  udp: playOverUdp,
}

/** Players of the WebSocket block: at its own port in packets, and beside its page in raw mode. */
async function playWebSockets(
  noise: Noise,
  net: TestNet,
  ports: readonly number[],
  check: () => void,
): Promise<void> {
  const urls = [`ws://127.0.0.1:${ports[0]}`, `ws://127.0.0.1:${ports[1]}/game`]
  for (const one of ports) (await connectWhenReady(one)).destroy()
  const players = urls.map((url) => new WebSocket(url))
  const world = net.world()
  try {
    await Promise.all(players.map((player) => once(player, 'open')))
    players[0]!.send(Buffer.from('bebafeca0bb0adde1000000000000000', 'hex'))
    for (let round = 0; round < rounds; round++) {
      await sendRound(overWebSocket(urls[round % 2]!), noise, world)
      if (round % 8 === 0) await overTcp(ports[1]!)(noise.next(), 50)
      for (const player of players) {
        player.ping(String(round))
        const [payload] = (await once(player, 'pong')) as [Buffer]
        assert.is(payload.toString(), String(round))
      }
      check()
    }
  } finally {
    for (const player of players) player.terminate()
  }
}

console.log(`seed ${rowSeed}`)

spec(
  'the README among strangers who send anything',
  (it) => {
    for (const server of noiseServers)
      it(
        `${server.name} over ${server.transport} :: goes on: ${rounds} rounds`,
        withServer(server, plays[server.transport]),
      )

    for (const { name, code, transport } of webSocketServers)
      it(`${name} :: goes on: ${rounds} rounds`, async () => {
        const pagePort = await freePort()
        const server = { name, code: code.replaceAll('6511', String(pagePort)), transport }
        await withServer(server, (noise, net, port, { check }) =>
          playWebSockets(noise, net, [port, pagePort], check),
        )()
      })
  },
  60_000 + noiseMessages * 4,
)
