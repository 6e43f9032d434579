import { createWorld, type World } from 'bitecs'
import {
  connectSocket,
  createServer,
  createSocket,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { inspectRecording, replayNetwork } from 'bitecs-networking/recording'
import { createRandom, simulate, SimulationError } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'

/** A server that adds up what it hears, and answers with chance in it. */
function startServer(world: World, random: () => number): { heard: number; step(): void } {
  const server = createServer(world, SocketType.tcp, 6510)
  const state = { heard: 0, step: () => void NetworkSystem(world) }
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    state.heard += getBufferBytes(asyncLoad.buffer)[0]!
    sendPacket(world, asyncLoad.id, Uint8Array.of(state.heard & 255, random() * 256))
  })
  return state
}

spec('recordings of a run', (it) => {
  it('has the server of a run that failed, which is replayed to the same end', async () => {
    const blocks: Uint8Array[] = []
    const names: string[] = []
    let ends: unknown
    const error = await simulate({
      seed: rowSeed,
      ticks: 2_000,
      conditions: 'lte',
      faults: { cutsPerMinute: 20, changesPerMinute: 20, crashesPerMinute: 10 },
      server: ({ world, random }) => startServer(world, random),
      clients: {
        count: 3,
        start({ world }) {
          const socket = createSocket(world, SocketType.tcp)
          void connectSocket(world, socket, '127.0.0.1', 6510)
          return (tick: number) => {
            sendPacket(world, socket, Uint8Array.of(tick & 127))
            NetworkSystem(world)
          }
        },
      },
      record(name, starts) {
        names.push(`${name} ${starts}`)
        return name === 'server' ? { write: (bytes) => blocks.push(bytes) } : undefined
      },
      invariant: ({ server, tick }) => {
        ends = { heard: server!.heard, tick }
        return server!.heard < 20_000
      },
    }).then(
      () => undefined,
      (failure: unknown) => failure,
    )
    assert.instance(error, SimulationError)
    assert.ok(names.includes('server 1') && names.includes('client 2 1'), String(names))
    const recording = Buffer.concat(blocks)
    const { damage, ticks } = inspectRecording(recording)
    assert.is(damage, undefined)
    const world = createWorld()
    const replay = replayNetwork(world, recording)
    const server = startServer(world, createRandom(rowSeed, 'server, start 1'))
    await replay.run(() => server.step())
    assert.is(replay.difference?.message, undefined)
    assert.equal({ heard: server.heard, tick: replay.tick }, ends)
    assert.is(ticks, replay.tick)
    assert.ok(Socket(world).type.length > 0)
  })
})
