import { addEntity, query, removeEntity } from 'bitecs'
import {
  AcceptedBy,
  bufferExists,
  connectSocket,
  createServer,
  createSocket,
  type DataLoad,
  getBufferBytes,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { packet, u32 } from '../lib/gameMaker.ts'
import { amountOf, figure } from '../lib/row.ts'
import { messagesOf, onEach } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

/** Peers that come and go, and that reset. */
const churnRounds = amountOf({ test: 10, ci: 40, soak: 100 })
const resetRounds = amountOf({ test: 20, ci: 200, soak: 500 })

/** The reports that have a case of their name. */
const reports = [2175, 7524, 1754, 9601, 9957, 13534, 2655, 7910]

netSpec('what went wrong in GameMaker', (it) => {
  it('GameMaker-Bugs 2175: 100 messages of one tick have 100 buffers with their own content, all freed', async (net) => {
    const { world, peer } = await net.joined()
    const buffers = new Set<DataLoad['buffer']>()
    const contents: string[] = []
    const perTick: number[] = []
    onEach(world, (load) => {
      if (load.type !== NetworkType.data) return
      buffers.add(load.buffer)
      contents.push(Buffer.from(getBufferBytes(load.buffer)).toString('hex'))
      for (const buffer of buffers) assert.is(bufferExists(buffer), buffer === load.buffer)
    })
    peer.send(Array.from({ length: 100 }, (_, index) => packet(u32(index))).join(''))
    await until(
      () => contents.length === 100,
      () => {
        const before = contents.length
        NetworkSystem(world)
        perTick.push(contents.length - before)
      },
    )
    assert.is(Math.max(...perTick), 100)
    assert.is(buffers.size, 100)
    for (const buffer of buffers) assert.is(bufferExists(buffer), false)
    assert.equal(
      contents,
      Array.from({ length: 100 }, (_, index) => u32(index)),
    )
  })

  it('GameMaker-Bugs 7524: a raw server outlives hundreds of peers that come and go', async (net) => {
    const { world, server, port, events } = net.server({ raw: true })
    const count = (wanted: number): number => events.filter(({ type }) => type === wanted).length
    // Those that were reset before they could be accepted have no events, and no address.
    const gone = (): number => Socket(world).failedHandshakes[server]!
    for (let round = 0; round < churnRounds; round++) {
      const peers = await net.peers(port, 50)
      for (const [index, peer] of peers.entries()) {
        if (index % 2 === 0) peer.send('07')
        if (index % 3 === 0) peer.end()
        else if (index % 3 === 1) peer.close()
        else peer.reset()
      }
      const all = (round + 1) * 50
      await until(() => count(NetworkType.disconnect) + gone() === all, [world])
      for (const peer of peers) peer.close()
    }
    assert.is(count(NetworkType.connect) + gone(), churnRounds * 50)
    figure('R-27', `7524: ${churnRounds * 50} peers came and went, the raw server goes on`)
    assert.equal([...query(world, [AcceptedBy(server)])], [])
    const peer = await net.peer(port)
    peer.send('0102')
    await until(() => messagesOf(events).at(-1) === '0102', [world])
    sendRaw(world, events.at(-1)!.id, Buffer.from([3]))
    assert.is(await peer.take(1, [world]), '03')
  })

  it('GameMaker-Bugs 1754: sending to a peer that resets is never more than a negative code', async (net) => {
    const { world, port, events } = net.server()
    for (let round = 0; round < resetRounds; round++) {
      events.length = 0
      const peer = await net.join(port)
      await until(() => events.length === 1, [world])
      const client = events[0]!.socket!
      const results = new Set<number>()
      peer.reset()
      await until(
        () => events.length === 2,
        () => {
          results.add(sendPacket(world, client, new Uint8Array(1_000)))
          NetworkSystem(world)
        },
      )
      results.add(sendPacket(world, client, new Uint8Array(1_000)))
      const known = [1_012, NetworkError.notConnected, NetworkError.unknownSocket] as number[]
      for (const result of results) assert.ok(known.includes(result), String(result))
      assert.ok(results.has(NetworkError.unknownSocket))
    }
  })

  it('GameMaker-Bugs 9601: sendPacket on a server is a negative code', async (net) => {
    const { world, server, port } = net.server()
    const peer = await net.join(port)
    assert.is(sendPacket(world, server, Buffer.from('x')), NetworkError.wrongRole)
    NetworkSystem(world)
    await turns()
    assert.is(peer.size, 0)
  })

  it('GameMaker-Bugs 9957, 13534: servers and sockets in numbers, with taken ports and unknown types', async (net) => {
    const world = net.world()
    const servers = Array.from({ length: 64 }, () => createServer(world, SocketType.tcp, 0))
    assert.ok(servers.every((server) => server >= 0))
    assert.is(new Set(servers.map((server) => Socket(world).port[server])).size, 64)
    for (const server of servers)
      assert.is(
        createServer(world, SocketType.tcp, Socket(world).port[server]!),
        NetworkError.portUnavailable,
      )
    for (const type of [SocketType.bluetooth, SocketType.wss]) {
      assert.is(createServer(world, type, 0), NetworkError.unsupported)
    }
    assert.is(createSocket(world, SocketType.bluetooth), NetworkError.unsupported)
    assert.is(query(world, [Socket]).length, 64)
  })

  it('GameMaker-Bugs 2655: raw sends may come as one event, and lose nothing', async (net) => {
    const host = net.server({ raw: true })
    const { world, socket } = net.client()
    await connectSocket(world, socket, '127.0.0.1', host.port, { raw: true })
    let sent = ''
    for (let index = 0; index < 100; index++) {
      sendRaw(world, socket, Buffer.from(u32(index), 'hex'))
      sent += u32(index)
    }
    await until(() => messagesOf(host.events).join('') === sent, [host.world])
  })

  it('GameMaker-Bugs 7910: no event is lost when the handler moves to another entity', async (net) => {
    const { world, events, peer } = await net.joined()
    const seen: number[] = []
    let owner = addEntity(world)
    const handler: Parameters<typeof onNetworking>[2] = (_world, self, load) => {
      if (load.type !== NetworkType.data) return
      seen.push(getBufferBytes(load.buffer)[0]!)
      assert.is(self, owner)
      // The former owner goes while its event runs, as on a change of rooms.
      const next = addEntity(world)
      onNetworking(world, next, handler)
      removeEntity(world, owner)
      owner = next
    }
    onNetworking(world, owner, handler)
    for (let index = 0; index < 50; index++) peer.send(packet(Buffer.from([index]).toString('hex')))
    await until(() => messagesOf(events).length === 50, [world])
    assert.equal(
      seen,
      Array.from({ length: 50 }, (_, index) => index),
    )
    figure('R-27', `GameMaker-Bugs ${reports.join(', ')} have a case each`)
  })
})
