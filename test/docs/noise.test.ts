import {
  connectSocket,
  createSocket,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  SocketType,
} from 'bitecs-networking'
import { once } from 'node:events'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { blocksOf, runBlock } from '../lib/documentBlocks.ts'
import { connectWhenReady, freePort } from '../lib/freePort.ts'
import { type NodeProgram } from '../lib/NodeProgram.ts'
import { type TestNet } from '../lib/TestNet.ts'
import {
  type Noise,
  noiseMessages,
  noiseSeed,
  sendOverTcp,
  sendOverUdp,
  sendOverWebSocket,
  withSeed,
} from '../lib/noise.ts'
import { messagesOf, recordEvents } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'
import { withNet } from '../lib/withNet.ts'
import { spec } from '../spec.ts'

// The README's servers, as they stand but for the port, among strangers who send anything.

const [, server = '', , udp = '', webSocket = '', , gml = ''] = blocksOf('README.md', 'ts')

const perSender = 50
const rounds = Math.ceil((noiseMessages * 0.1) / perSender)

type Play = (noise: Noise, net: TestNet, port: number, program: NodeProgram) => Promise<void>

/** Runs a block, and plays with it; it must go on, and print nothing that a terminal obeys. */
function withBlock(name: string, code: string, play: Play): () => Promise<void> {
  return withNet((net) =>
    withSeed(async (noise) => {
      const port = await freePort()
      const program = runBlock('noise', name, code.replaceAll('6510', String(port)))
      try {
        await play(noise, net, port, program)
        assert.is(program.hasEnded, false, program.output)
        assert.not.match(program.output, /[^\P{Cc}\n]/u)
      } finally {
        program.end()
      }
    }),
  )
}

/** A player over TCP sends a packet after each round, and gets it back. */
const playOverTcp: Play = async (noise, net, port) => {
  ;(await connectWhenReady(port)).destroy()
  const { world, socket, events } = net.client()
  const connecting = connectSocket(world, socket, '127.0.0.1', port)
  let result: number | undefined
  void connecting.then((value) => (result = value))
  await until(() => result !== undefined, [world])
  assert.ok(result! >= 0)
  for (let round = 0; round < rounds; round++) {
    await sendOverTcp(port, noise, perSender)
    const words = Buffer.from(`still here ${round}\0`)
    assert.ok(sendPacket(world, socket, words) > 0)
    await until(() => messagesOf(events).includes(words.toString('hex')), [world])
    events.length = 0
  }
}

console.log(`seed ${noiseSeed}`)

spec(
  'the README among strangers who send anything',
  (it) => {
    it(`server :: goes on: ${rounds} rounds`, withBlock('server', server, playOverTcp))

    it(`gml :: goes on: ${rounds} rounds`, withBlock('gml', gml, playOverTcp))

    it(
      `UDP :: goes on: ${rounds} rounds`,
      withBlock('udp', udp, async (noise, net, port, program) => {
        await program.says("says 'hello'")
        const world = net.world()
        const socket = createSocket(world, SocketType.udp)
        // As the server is: its answers are repeated until they have arrived.
        setNetworkConfig(world, socket, { reliable: true })
        const events = recordEvents(world)
        for (let round = 0; round < rounds; round++) {
          await sendOverUdp(port, noise, perSender)
          assert.ok(sendUdp(world, socket, '127.0.0.1', port, `still here ${round}`) > 0)
          const answer = Buffer.from(`you said still here ${round}\0`).toString('hex')
          await until(() => messagesOf(events).includes(answer), [world])
          events.length = 0
        }
      }),
    )

    it(`WebSocket :: goes on: ${rounds} rounds`, async () => {
      const pagePort = await freePort()
      const code = webSocket.replaceAll('6511', String(pagePort))
      const play: Play = async (noise, _net, port) => {
        const urls = [`ws://127.0.0.1:${port}`, `ws://127.0.0.1:${pagePort}/game`]
        for (const one of [port, pagePort]) (await connectWhenReady(one)).destroy()
        const players = urls.map((url) => new WebSocket(url))
        try {
          await Promise.all(players.map((player) => once(player, 'open')))
          players[0]!.send(Buffer.from('bebafeca0bb0adde1000000000000000', 'hex'))
          for (let round = 0; round < rounds; round++) {
            await sendOverWebSocket(urls[round % 2]!, noise, perSender)
            if (round % 8 === 0) await sendOverTcp(pagePort, noise, perSender)
            for (const player of players) {
              player.ping(String(round))
              const [payload] = (await once(player, 'pong')) as [Buffer]
              assert.is(payload.toString(), String(round))
            }
          }
        } finally {
          for (const player of players) player.terminate()
        }
      }
      await withBlock('webSocket', code, play)()
    })
  },
  30_000 + noiseMessages * 4,
)
