import { createWorld } from 'bitecs'
import {
  connectSocket,
  createServer,
  createSocket,
  flushNetwork,
  MessageType,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readText,
  sendPacket,
  sendRaw,
  sendUdp,
  sendUdpRaw,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { type Link } from '../lib/TestNet.ts'
import { until } from '../lib/until.ts'

function bytesOf(text: string): string {
  return Buffer.from(text).toString('hex')
}

memorySpec('a text', (it) => {
  it('leaves as UTF-8 with a NUL byte in a packet; readText reads it', (net) => {
    const link = net.links(1)[0]!
    const { host, guest, client, server } = link
    const texts: string[] = []
    onNetworking(host, server, (_world, _self, asyncLoad) => {
      if (asyncLoad.type === NetworkType.data) texts.push(readText(asyncLoad.buffer))
    })
    const events = recordEvents(host)
    const sent = ['hello', '', 'žluťoučký 🐴', '\uD800', 'x'.repeat(70_000)]
    for (const text of sent)
      assert.is(sendPacket(guest, client, text), Buffer.byteLength(text) + 1 + 12)
    flushNetwork(guest)
    NetworkSystem(host)
    assert.equal(texts, ['hello', '', 'žluťoučký 🐴', '\uFFFD', 'x'.repeat(70_000)])
    assert.is(events[0]?.buffer, bytesOf('hello\0'))
    assert.is(events[1]?.buffer, '00')
  })

  it("ends at its first NUL in a packet, as GameMaker's strings, and has no end in raw bytes", (net) => {
    const { host, guest, client } = net.links(1)[0]!
    const events = recordEvents(host)
    assert.is(sendPacket(guest, client, 'ab\0c\nd'), 15)
    flushNetwork(guest)
    NetworkSystem(host)
    assert.is(events[0]?.buffer, bytesOf('ab\0'))
  })

  it('may be cut by its size in bytes, and none has more than it', (net) => {
    const { host, guest, client } = net.links(1)[0]!
    const events = recordEvents(host)
    assert.is(sendPacket(guest, client, 'hello', 2), 14)
    assert.is(sendPacket(guest, client, 'hello', 7), NetworkError.tooLarge)
    flushNetwork(guest)
    NetworkSystem(host)
    assert.equal(
      events.map(({ buffer }) => buffer),
      [bytesOf('he')],
    )
  })
})

memorySpec('several targets', (it) => {
  it('of which one is no entity get nothing', (net) => {
    const links = net.links(2) as [Link, Link]
    const { host } = links[0]
    const targets = [links[0].accepted, undefined as unknown as number, links[1].accepted]
    for (const list of [targets, new Set(targets), targets.values()])
      assert.throws(
        () => sendPacket(host, list, 'x'),
        /sendPacket: target must be an entity or several, got undefined/,
      )
    flushNetwork(host)
    for (const { guest, client } of links) {
      NetworkSystem(guest)
      assert.is(Socket(guest).packetsIn[client], 0)
    }
    const sockets = links.map(({ accepted }) => accepted)
    for (const list of [sockets, new Set(sockets), sockets.values(), Uint32Array.from(sockets)])
      assert.is(sendPacket(host, list, 'x'), 2)
  })
})

netSpec('a text over each wire', (it) => {
  it('raw WebSocket: a text message, and binary if asked for', async (net) => {
    const host = net.world()
    const guest = createWorld()
    const server = createServer(host, SocketType.ws, 0, { raw: true, host: '127.0.0.1' })
    await until(() => Socket(host).port[server]! > 0)
    const client = createSocket(guest, SocketType.ws)
    const port = Socket(host).port[server]!
    assert.is(await connectSocket(guest, client, '127.0.0.1', port, { raw: true }), client)
    const events = recordEvents(host)
    assert.is(sendRaw(guest, client, 'žluť'), 6)
    assert.is(sendRaw(guest, client, 'žluť', { type: MessageType.binary }), 6)
    await until(() => events.length === 3, [host])
    assert.equal(
      events.slice(1).map(({ buffer, message_type }) => [buffer, message_type]),
      [
        [bytesOf('žluť'), MessageType.text],
        [bytesOf('žluť'), MessageType.binary],
      ],
    )
  })

  it('UDP: with a NUL byte, raw without', async (net) => {
    const host = net.world()
    const guest = net.world()
    const server = createServer(host, SocketType.udp, 0, { host: '127.0.0.1' })
    const client = createSocket(guest, SocketType.udp)
    const events = recordEvents(host)
    const port = Socket(host).port[server]!
    assert.is(sendUdp(guest, client, '127.0.0.1', port, 'hi'), 15)
    await until(() => events.length === 1, [host])
    assert.is(sendUdpRaw(guest, client, '127.0.0.1', port, 'hi'), 2)
    await until(() => events.length === 2, [host])
    assert.equal(
      events.map(({ buffer }) => buffer),
      [bytesOf('hi\0'), bytesOf('hi')],
    )
  })

  it('a connect that fails says whom it was to reach', async (net) => {
    const guest = net.world({ clientDisconnectEvents: true })
    const events = recordEvents(guest)
    const client = createSocket(guest, SocketType.tcp)
    const result = await connectSocket(guest, client, 'localhost', 1, { async: true })
    assert.ok(result < 0)
    await until(() => events.length === 1, [guest])
    assert.equal([events[0]?.ip, events[0]?.port, events[0]?.succeeded], ['localhost', 1, 0])
    assert.is(Socket(guest).ip[client], '')
  })
})
