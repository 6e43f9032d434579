import { crc32 } from 'node:zlib'
import { createWorld } from 'bitecs'
import {
  connectSocket,
  createSocket,
  createVirtualClock,
  NetworkSystem,
  sendPacket,
  Socket,
  SocketType,
} from 'bitecs-networking'
import {
  inspectRecording,
  recordNetwork,
  RecordingError,
  replayNetwork,
} from 'bitecs-networking/recording'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { MemorySink } from './MemorySink.ts'
import { PointsGame } from './PointsGame.ts'

const ticks = 300

/** A game over a network in memory, recorded: every block of it is a second of the virtual clock. */
async function record(): Promise<{ bytes: Uint8Array; states: unknown[] }> {
  const clock = createVirtualClock()
  const network = createMemoryNetwork({ clock, random: mulberry32(rowSeed) })
  const players = createWorld()
  const game = new PointsGame()
  network.join(game.world)
  network.join(players)
  const sink = new MemorySink()
  const recording = recordNetwork(game.world, sink)
  game.start()
  const socket = createSocket(players, SocketType.tcp)
  void connectSocket(players, socket, '127.0.0.1', Socket(game.world).port[game.servers[0]!]!)
  const states: unknown[] = [undefined]
  for (let tick = 1; tick <= ticks; tick++) {
    clock.advance(20)
    await Promise.resolve()
    if (tick > 2) sendPacket(players, socket, Uint8Array.of(tick & 255))
    NetworkSystem(players)
    game.step()
    states.push(structuredClone(game.state()))
  }
  recording.stop()
  return { bytes: sink.bytes(), states }
}

async function replay(
  bytes: Uint8Array,
): Promise<{ tick: number; state: unknown; damage: unknown }> {
  const game = new PointsGame()
  const played = replayNetwork(game.world, bytes)
  game.start()
  await played.run(() => game.step())
  assert.is(played.difference?.message, undefined)
  return { tick: played.tick, state: game.state(), damage: played.damage }
}

const recorded = record()

/** Where each block begins. */
function blocksOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer)
  const starts: number[] = []
  for (let at = 12; at < bytes.length; at += 8 + view.getUint32(at, true)) starts.push(at)
  return starts
}

spec('a damaged recording', (it) => {
  it('a recording that is cut off is replayed up to there, and the place is told', async () => {
    const { bytes, states } = await recorded
    const starts = blocksOf(bytes)
    assert.ok(starts.length > 5, `${starts.length} blocks`)
    for (const start of starts.slice(1))
      for (const cut of [start, start + 1, start + 9]) {
        const { tick, state, damage } = await replay(bytes.slice(0, cut))
        assert.equal(state, tick === 0 ? state : states[tick])
        assert.instance(damage, RecordingError)
        assert.is((damage as RecordingError).offset, start)
      }
  })

  it('a recording with a changed byte is replayed up to its block, and the place is told', async () => {
    const { bytes, states } = await recorded
    const random = mulberry32(rowSeed)
    const starts = blocksOf(bytes)
    for (const [index, start] of starts.entries()) {
      if (index === 0) continue
      const end = starts[index + 1] ?? bytes.length
      const damaged = bytes.slice()
      const at = start + 4 + Math.floor(random() * (end - start - 4))
      damaged[at]! ^= 1 << Math.floor(random() * 8)
      const { tick, state, damage } = await replay(damaged)
      assert.equal(state, tick === 0 ? state : states[tick])
      assert.is((damage as RecordingError).offset, start)
    }
  })

  it('what is no recording is refused', () => {
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(100),
      Uint8Array.from('bnrecord'.repeat(9), (c) => c.charCodeAt(0)),
    ])
      assert.throws(
        () => replayNetwork(createWorld(), bytes),
        (error: unknown) => error instanceof RecordingError,
      )
  })

  it('whatever is written in blocks, it is read up to there or refused', async () => {
    const { bytes } = await recorded
    const random = mulberry32(rowSeed)
    const starts = blocksOf(bytes)
    let refused = 0
    for (let run = 0; run < 500; run++) {
      const damaged = bytes.slice()
      const view = new DataView(damaged.buffer)
      const block = Math.floor(random() * starts.length)
      const start = starts[block]!
      const size = view.getUint32(start, true)
      for (let change = 0; change < 3; change++)
        damaged[start + 8 + Math.floor(random() * size)] = Math.floor(random() * 256)
      view.setUint32(start + 4, crc32(damaged.subarray(start + 8, start + 8 + size)), true)
      try {
        const { damage, ticks: found } = inspectRecording(damaged)
        assert.ok(found <= ticks + 3)
        if (damage !== undefined) refused++
      } catch (error) {
        assert.instance(error, RecordingError)
        refused++
      }
    }
    assert.ok(refused > 50 && refused < 500, String(refused))
  })

  it('a whole recording has no damage', async () => {
    const { bytes, states } = await recorded
    const { tick, state, damage } = await replay(bytes)
    assert.is(damage, undefined)
    assert.is(tick, ticks)
    assert.equal(state, states[ticks])
  })
})
