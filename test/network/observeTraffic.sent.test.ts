import { addEntity } from 'bitecs'
import {
  broadcast,
  BufferKind,
  BufferType,
  createBuffer,
  createMemoryTransport,
  destroySocket,
  MessageType,
  NetworkError,
  NetworkSystem,
  sendPacket,
  sendRaw,
  sendUdp,
  sendUdpRaw,
  Socket,
  writeBuffer,
} from 'bitecs-networking'
import { observeTraffic, type SentMessage } from 'bitecs-networking/traffic'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { logOf, onEach } from '../lib/recordEvents.ts'
import { arrive, say } from '../lib/say.ts'
import { throws } from '../lib/throws.ts'
import { withMemory } from '../lib/withNet.ts'

import { sendsOf, row, withDatagrams } from './traffic.ts'

memorySpec('observeTraffic :: sent', (it) => {
  it('shows packets and raw bytes with sockets and addresses, in order, at the end of the tick', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    const raw = net.link(host, net.serverIn(host, { raw: true }), net.world(), { raw: true })
    const calls = sendsOf(host)
    onEach(host, () => {
      say(host, accepted, 'packet')
      sendRaw(host, raw.accepted, Buffer.from('raw'))
      assert.equal(calls, [])
    })
    arrive([a!, 'x'])
    NetworkSystem(host)
    assert.equal(
      calls.map((messages) => messages.map(row)),
      [
        [
          [accepted, 'packet', 'packet'],
          [raw.accepted, MessageType.binary, 'raw'],
        ],
      ],
    )
    const [{ ip, port }] = calls[0] as [SentMessage]
    assert.equal([ip, port], [Socket(host).ip[accepted], Socket(host).port[accepted]])
    NetworkSystem(host)
    assert.is(calls.length, 1, 'no call when nothing was sent')
  })

  it(
    'shows text and empty messages where messages have limits',
    withMemory(
      (net) => {
        const host = net.world()
        const server = net.serverIn(host, { raw: true })
        const { accepted } = net.link(host, server, net.world(), { raw: true })
        const calls = sendsOf(host)
        sendRaw(host, accepted, Buffer.from('text'), { type: MessageType.text })
        sendRaw(host, accepted, new Uint8Array(0))
        NetworkSystem(host)
        assert.equal(calls[0]!.map(row), [
          [accepted, MessageType.text, 'text'],
          [accepted, MessageType.binary, ''],
        ])
      },
      createMemoryTransport({ boundaries: 'message' }),
    ),
  )

  it('shows one message for each of several targets that take it, and none that was refused', (net) => {
    const [a, b, c] = net.links(3, { acceptedSendQueueBytesMax: 20 })
    const { host, server } = a!
    const calls = sendsOf(host)
    const nobody = addEntity(host)
    say(host, b!.accepted, 'fills')
    say(host, b!.accepted, 'the queue')
    assert.is(sendPacket(host, b!.accepted, Buffer.of(1)), NetworkError.sendQueueFull)
    assert.is(sendPacket(host, server, Buffer.of(2)), NetworkError.wrongRole)
    assert.ok(sendPacket(host, nobody, Buffer.of(3)) < 0)
    assert.is(sendPacket(host, a!.accepted, Buffer.of(4), 2), NetworkError.tooLarge)
    destroySocket(host, c!.accepted)
    const all = [a!.accepted, b!.accepted, c!.accepted, server, nobody]
    assert.is(sendPacket(host, all, Buffer.from('all')), 1)
    throws(() => sendPacket(host, a!.accepted, 5 as never), TypeError, /buffer/)
    NetworkSystem(host)
    assert.equal(calls[0]!.map(row), [
      [b!.accepted, 'packet', 'fills'],
      [b!.accepted, 'packet', 'the queue'],
      [a!.accepted, 'packet', 'all'],
    ])
  })

  it(
    'shows datagrams with what was given as the host, and a broadcast without one',
    withDatagrams(({ guest, client, port }) => {
      const calls = sendsOf(guest)
      const bytes = Buffer.from('udp')
      assert.is(sendUdp(guest, client, '127.0.0.1', port, bytes), 15)
      assert.is(sendUdpRaw(guest, client, '127.0.0.1', port, bytes, 2), 2)
      assert.is(broadcast(guest, client, port, bytes), 15)
      assert.is(
        sendUdpRaw(guest, client, '127.0.0.1', port, Buffer.alloc(65_508)),
        NetworkError.tooLarge,
      )
      NetworkSystem(guest)
      assert.equal(calls[0]!.map(row), [
        [client, 'packet', 'udp'],
        [client, MessageType.binary, 'ud'],
        [client, 'packet', 'udp'],
      ])
      const hosts = calls[0]!.map((message) => `${message.ip}:${message.port}`)
      assert.equal(hosts, [`127.0.0.1:${port}`, `127.0.0.1:${port}`, `:${port}`])
    }),
  )

  it('shows what was sent between two ticks in the next, though it has left', (net) => {
    const [a] = net.links(1)
    const { host, accepted, guest, client } = a!
    const calls = sendsOf(guest)
    arrive([a!, 'one'])
    say(guest, client, 'two')
    NetworkSystem(host)
    assert.equal(calls, [])
    NetworkSystem(guest)
    assert.equal(
      calls.map((messages) => messages.map(row)),
      [
        [
          [client, 'packet', 'one'],
          [client, 'packet', 'two'],
        ],
      ],
    )
    const log = logOf(host)
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} two`])
  })

  it('shows copies, of a buffer, of a Buffer and of plain bytes', (net) => {
    const [a] = net.links(1)
    const { guest, client } = a!
    const calls = sendsOf(guest)
    const buffer = createBuffer(4, BufferKind.grow)
    writeBuffer(buffer, BufferType.u32, 0x44434241)
    const sources = [Buffer.from('node'), Uint8Array.from(Buffer.from('web!'))]
    sendPacket(guest, client, buffer)
    for (const bytes of sources) sendPacket(guest, client, bytes)
    for (const bytes of sources) bytes.fill(0)
    writeBuffer(buffer, BufferType.u32, 0)
    NetworkSystem(guest)
    const texts = calls[0]!.map(({ bytes }) => Buffer.from(bytes).toString())
    assert.equal(texts, ['ABCD', 'node', 'web!'])
    for (const { bytes } of calls[0]!) assert.is(bytes.buffer.byteLength, 4)
  })

  it('a message that an observer sends leaves with the tick and is shown in the next', (net) => {
    const [a] = net.links(1)
    const { host, accepted, guest, client } = a!
    const texts: string[] = []
    observeTraffic(guest, {
      sent(messages) {
        texts.push(...messages.map((message) => row(message)[2]))
        if (texts.length === 1) say(guest, client, 'again')
      },
    })
    say(guest, client, 'once')
    NetworkSystem(guest)
    assert.equal(texts, ['once'])
    const log = logOf(host)
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} once`, `data ${accepted} again`])
    NetworkSystem(guest)
    assert.equal(texts, ['once', 'again'])
  })
})
