import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { PendingConnections } from '../../src/transport/node/PendingConnections.ts'
import { PendingTable } from '../../src/transport/PendingTable.ts'
import { mulberry32 } from '../lib/random.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { closeRawPeers, connectRaw, isLeft } from './webSocketPeers.ts'

spec('PendingTable', (it) => {
  it('an empty one has none to go', () => {
    assert.is(new PendingTable().beyond(0), undefined)
  })

  it('removing what is not there, or not there any more, changes nothing', () => {
    const table = new PendingTable<string>()
    table.add('a', 'one')
    assert.is(table.remove('a', 'two'), false)
    assert.is(table.remove('b', 'one'), false)
    assert.is(table.remove('a', 'one'), true)
    assert.is(table.remove('a', 'one'), false)
    assert.is(table.size, 0)
    assert.equal([...table], [])
    assert.is(table.beyond(-1), undefined)
  })

  it('goes by what a plain list says: the oldest of those whose address has most', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const random = mulberry32(seed)
    const table = new PendingTable<number>()
    let list: { address: string; pending: number }[] = []
    for (let step = 0; step < 3_000; step++) {
      const address = String(Math.floor(random() ** 2 * 6))
      if (random() < 0.55) {
        list.push({ address, pending: step })
        table.add(address, step)
      } else if (list.length > 0) {
        const gone = list[Math.floor(random() * list.length)]!
        list = list.filter((entry) => entry !== gone)
        assert.ok(table.remove(gone.address, gone.pending), `seed ${seed}`)
      }
      const countOf = (of: string): number => list.filter((entry) => entry.address === of).length
      const most = Math.max(...list.map((entry) => countOf(entry.address)))
      const expected = list.find((entry) => countOf(entry.address) === most)?.pending
      assert.is(table.beyond(list.length - 1), expected, `seed ${seed}`)
      assert.is(table.beyond(list.length), undefined, `seed ${seed}`)
      assert.is(table.size, list.length, `seed ${seed}`)
    }
    assert.equal(
      [...table].toSorted((a, b) => a - b),
      list.map(({ pending }) => pending),
      `seed ${seed}`,
    )
  })
})

/** Runs with connections that are all pending. */
async function withPending(
  timeoutMs: number,
  run: (
    pending: PendingConnections,
    port: number,
    sockets: Socket[],
    left: () => number,
  ) => Promise<void>,
): Promise<void> {
  let left = 0
  const pending = new PendingConnections(false, timeoutMs, 8, () => left++)
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    pending.add(socket)
  }).listen(0, '127.0.0.1')
  await until(() => server.listening)
  try {
    await run(pending, (server.address() as AddressInfo).port, sockets, () => left)
  } finally {
    server.close()
    for (const socket of sockets) socket.destroy()
    closeRawPeers()
  }
}

spec('PendingConnections', (it) => {
  it('beyond the limit the oldest is closed, and each that has left counts once', () =>
    withPending(60_000, async (pending, port, sockets, left) => {
      const peers: RawPeer[] = []
      for (let count = 0; count < 11; count++) {
        peers.push(await connectRaw(port))
        await until(() => sockets.length > count)
      }
      await until(() => peers.slice(0, 3).every(isLeft))
      assert.equal(peers.filter(isLeft), peers.slice(0, 3))
      await turns(10)
      assert.is(left(), 3)
      // One that was released is not closed, whoever comes.
      pending.release(sockets[3]!)
      assert.is(pending.release(sockets[3]!), 0)
      for (let count = 0; count < 9; count++) await connectRaw(port)
      await until(() => left() === 3 + 8)
      assert.is(isLeft(peers[3]!), false)
      peers[3]!.close()
      await until(() => sockets[3]!.destroyed)
      await turns(10)
      assert.is(left(), 3 + 8)
    }))

  it('time ends them, and not what was released', () =>
    withPending(300, async (pending, port, sockets, left) => {
      const peers = [await connectRaw(port), await connectRaw(port)]
      await until(() => sockets.length === 2)
      const released = peers.find(({ localPort }) => localPort === sockets[0]!.remotePort)!
      pending.release(sockets[0]!)
      await until(() => left() === 1)
      assert.is(isLeft(released), false)
      assert.ok(sockets[1]!.destroyed)
    }))

  it('time that has passed is returned, but not that of a standstill', () =>
    withPending(60_000, async (pending, port, sockets) => {
      await connectRaw(port)
      await until(() => sockets.length === 1)
      const begin = performance.now()
      await until(() => performance.now() - begin > 400)
      while (performance.now() - begin < 2_400);
      await turns(3)
      const took = pending.release(sockets[0]!)
      assert.ok(took > 0 && took < 2_000, String(took))
    }))

  it('all can be ended without being counted', () =>
    withPending(60_000, async (pending, port, sockets, left) => {
      const peers = [await connectRaw(port), await connectRaw(port)]
      await until(() => sockets.length === 2)
      pending.destroy()
      await until(() => peers.every(isLeft))
      assert.is(left(), 0)
    }))
})
