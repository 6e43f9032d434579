import { NetworkSystem, NetworkType, sendPacket, sendRaw, Socket } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { answer, greeting, hello, helloPacket, packet, welcome } from '../lib/gameMaker.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

netSpec('a TCP server and GameMaker clients', (it) => {
  it('greets, takes the answer and welcomes with the bytes of GameMaker', async (net) => {
    const { world, port, events } = net.server()
    const peer = await net.peer(port)
    assert.is(await peer.take(18), greeting)
    await turns()
    assert.is(peer.size, 0)
    peer.send(answer)
    assert.is(await peer.take(12), welcome)
    await until(() => events.length === 1, [world])
    await turns()
    assert.is(peer.size, 0)
  })

  it('W11: the discarded bytes are counted at the next tick', async (net) => {
    const { world, peer, client } = await net.joined()
    peer.send('ffffffff')
    await until(() => net.warnings.length === 1)
    NetworkSystem(world)
    assert.is(Socket(world).discardedBytes[client], 4)
  })

  it('W16: a client that never answers is closed after the time limit, without an event', async (net) => {
    const { world, server, port, events } = net.server({}, { handshakeTimeoutMs: 50 })
    const silent = await net.peer(port)
    const halfway = await net.peer(port)
    halfway.send(answer.slice(0, 30))
    const started = performance.now()
    await until(() => silent.isClosed && halfway.isClosed, [world])
    assert.ok(performance.now() - started < 5_000)
    assert.is(silent.takeAll(), greeting)
    assert.is(Socket(world).failedHandshakes[server], 2)
    assert.equal(events, [])
  })

  it('W16: a client that answered in time is not closed by the time limit', async (net) => {
    const { world, port, events } = net.server({}, { handshakeTimeoutMs: 200 })
    const peer = await net.join(port)
    const silent = await net.peer(port)
    await until(() => silent.isClosed, [world])
    peer.send(helloPacket)
    await until(() => events.length === 2, [world])
    assert.is(events[1]!.buffer, hello)
  })

  it('W22: sendPacket on a raw link sends the 12 header bytes too, with a hint', async (net) => {
    const { world, port, events } = net.server({ raw: true })
    const peer = await net.peer(port)
    await until(() => events.length === 1, [world])
    assert.is(sendPacket(world, events[0]!.socket!, Buffer.from('hello')), 17)
    assert.is(await peer.take(17), helloPacket)
    sendPacket(world, events[0]!.socket!, Buffer.from('hello'))
    assert.is(await peer.take(17), helloPacket)
    assert.is(net.warnings.length, 1)
  })

  it('W23: raw sends arrive as their concatenation, both ways', async (net) => {
    const { world, port, events } = net.server({ raw: true })
    const peer = await net.peer(port)
    await until(() => events.length === 1, [world])
    assert.is(sendRaw(world, events[0]!.socket!, Buffer.from('hel')), 3)
    assert.is(sendRaw(world, events[0]!.socket!, Buffer.from('lo')), 2)
    assert.is(await peer.take(5), hello)
    peer.send('dec0')
    peer.send('adde0c')
    await until(() => messagesOf(events).join('') === 'dec0adde0c', [world])
  })

  it('a raw server connects at once and sends nothing of its own', async (net) => {
    const { world, port, events } = net.server({ raw: true })
    const peer = await net.peer(port)
    await until(() => events.length === 1, [world])
    await turns()
    assert.is(peer.size, 0)
    assert.is(events[0]!.type, NetworkType.connect)
  })

  it('many clients are told apart', async (net) => {
    const { world, port, events } = net.server()
    const peers = await net.joins(port, 20)
    for (const [index, peer] of peers.entries()) peer.send(packet(`0${index % 10}`))
    await until(() => events.length === 40, [world])
    const portOf = new Map(events.map((event) => [event.socket, event.port]))
    for (const event of events.filter(({ type }) => type === NetworkType.data)) {
      const index = peers.findIndex(({ localPort }) => localPort === portOf.get(event.id))
      assert.is(event.buffer, `0${index % 10}`)
    }
  })
})
