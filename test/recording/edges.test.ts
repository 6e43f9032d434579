import { createWorld, type World } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  NetworkReceiveSystem,
  NetworkSystem,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  SocketType,
} from 'bitecs-networking'
import { recordNetwork, replayNetwork } from 'bitecs-networking/recording'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { MemorySink } from './MemorySink.ts'

const messageBytesMax = 1000

/** Replays into a game that is started by `start`, which returns its tick. */
async function expectSame(
  sink: MemorySink,
  ticks: number,
  start: (world: World) => (tick: number) => void,
  prepare: (world: World) => void = () => {},
): Promise<void> {
  const world = createWorld()
  prepare(world)
  const replay = replayNetwork(world, sink.bytes())
  await replay.run(start(world))
  assert.is(replay.damage, undefined)
  assert.is(replay.difference?.message, undefined)
  assert.is(replay.tick, ticks)
}

function startReliable(world: World): (tick: number) => void {
  const udp = createServer(world, SocketType.udp, 0, { messageBytesMax })
  setNetworkConfig(world, udp, { reliable: true })
  return (tick) => {
    if (tick === 5) sendUdp(world, udp, '127.0.0.1', 9, Uint8Array.of(1, 2, 3))
    NetworkSystem(world)
  }
}

function pauseSoon(world: World): void {
  setNetworkConfig(world, { queuedEventsMax: 20, eventsPerTickMax: 7 })
}

function startServer(world: World): () => void {
  createServer(world, SocketType.tcp, 0)
  return () => void NetworkSystem(world)
}

spec('edges of a recording', (it) => {
  it('a random number that is drawn right before NetworkSystem is drawn again there', async () => {
    const world = createWorld()
    const sink = new MemorySink()
    const recording = recordNetwork(world, sink)
    const step = startReliable(world)
    for (let tick = 1; tick < 10; tick++) {
      await turns(2)
      step(tick)
    }
    recording.stop()
    closeNetwork(world)
    await expectSame(sink, 9, startReliable)
  })

  for (const type of [SocketType.tcp, SocketType.ws])
    it(`what a paused connection of type ${type} held comes in the tick that reads on`, async () => {
      const net = createMemoryNetwork()
      const world = createWorld()
      const players = createWorld()
      const start = (each: World): (() => void) => {
        createServer(each, type, 5000, { messageBytesMax })
        return () => void NetworkSystem(each)
      }
      net.join(world)
      net.join(players)
      pauseSoon(world)
      const sink = new MemorySink()
      const recording = recordNetwork(world, sink)
      const step = start(world)
      const player = createSocket(players, type)
      void connectSocket(players, player, '127.0.0.1', 5000)
      for (let tick = 1; tick < 100; tick++) {
        await turns(1)
        if (tick > 5 && tick < 20)
          for (let at = 0; at < 30; at++) sendPacket(players, player, `message ${at}`)
        NetworkSystem(players)
        step()
      }
      recording.stop()
      assert.ok(recording.events > 300, `${recording.events} events`)
      closeNetwork(players)
      closeNetwork(world)
      await expectSame(sink, 99, start, pauseSoon)
    })

  it('a recording that begins within a tick has the ticks after it', async () => {
    const world = createWorld()
    const sink = new MemorySink()
    NetworkReceiveSystem(world)
    const recording = recordNetwork(world, sink)
    NetworkSystem(world)
    const step = startServer(world)
    for (let tick = 1; tick < 10; tick++) {
      await turns(2)
      step()
    }
    recording.stop()
    assert.is(recording.ticks, 9)
    closeNetwork(world)
    await expectSame(sink, 9, startServer)
  })

  it('a clock that is set later ends the recording, not the game', () => {
    const world = createWorld()
    const recording = recordNetwork(world, new MemorySink())
    NetworkSystem(world)
    assert.is(recording.isRunning, true)
    setNetworkConfig(world, { clock: createVirtualClock() })
    NetworkSystem(world)
    assert.is(recording.isRunning, false)
    assert.match(String(recording.error), /clock/)
  })
})
