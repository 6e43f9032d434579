import {
  connectSocket,
  destroySocket,
  MessageType,
  NetworkError,
  sendPacket,
  sendRaw,
} from 'bitecs-networking'
import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { answer, greeting, hello, helloPacket, welcome } from '../lib/gameMaker.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { withWebSocket } from './withWebSocket.ts'

// Both ends byte by byte: frames of RFC 6455 section 5.2 around the bytes of docs/protocol.md.

const textHi = Buffer.from('hé')

/** Takes an HTTP head with its empty line. */
async function takeHead(peer: RawPeer): Promise<string> {
  let head = ''
  while (!head.endsWith('0d0a0d0a')) head += await peer.take(1)
  return Buffer.from(head, 'hex').toString('latin1')
}

/** A client's handshake, with the key of RFC 6455 section 1.3. */
async function upgrade(peer: RawPeer): Promise<void> {
  peer.send(
    Buffer.from(`GET / HTTP/1.1\r
Host: example.org\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Extensions: permessage-deflate\r
\r
`),
  )
  const head = await takeHead(peer)
  assert.match(head, /^HTTP\/1\.1 101 /)
  assert.match(head, /\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/i)
  assert.not.match(head, /extensions/i)
}

/** A server's handshake. */
async function acceptUpgrade(peer: RawPeer): Promise<string> {
  const head = await takeHead(peer)
  const [, key = ''] = /\r\nSec-WebSocket-Key: (.*)\r\n/i.exec(head) ?? []
  assert.is(Buffer.from(key, 'base64').length, 16)
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  peer.send(
    Buffer.from(`HTTP/1.1 101 Switching Protocols\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Accept: ${accept}\r
\r
`),
  )
  return head
}

/** A client's frame of up to 125 bytes, masked as in RFC 6455 section 5.7. */
function masked(first: string, payload: string): string {
  const mask = '37fa213d'
  const size = (0x80 | (payload.length / 2)).toString(16)
  return first + size + mask + unmask(payload, mask)
}

function unmask(payload: string, mask: string): string {
  const key = Buffer.from(mask, 'hex')
  const bytes = Buffer.from(payload, 'hex').map((byte, index) => byte ^ key[index % 4]!)
  return Buffer.from(bytes).toString('hex')
}

/** Takes a client's frame: its first byte, and its payload unmasked. */
async function takeMasked(peer: RawPeer): Promise<string> {
  const first = await peer.take(1)
  const size = Number.parseInt(await peer.take(1), 16)
  assert.ok(size >= 0x80, 'a client masks')
  let length = size & 127
  if (length > 125) length = Number.parseInt(await peer.take(length === 126 ? 2 : 8), 16)
  const mask = await peer.take(4)
  return `${first} ${unmask(await peer.take(length), mask)}`
}

spec('frames of our server', (it) => {
  it(
    'packet mode',
    withWebSocket(async (net) => {
      const { world, port, events } = net.server()
      const peer = await net.peer(port)
      await upgrade(peer)
      assert.is(await peer.take(20), `8212${greeting}`)
      peer.send(masked('82', answer))
      assert.is(await peer.take(14), `820c${welcome}`)
      peer.send(masked('82', helloPacket))
      await until(() => events.length === 2, [world])
      assert.equal(messagesOf(events), [hello])
      const client = events[0]!.socket!
      sendPacket(world, client, Buffer.from(hello, 'hex'))
      assert.is(await peer.take(19), `8211${helloPacket}`)
      sendPacket(world, client, new Uint8Array(300))
      assert.is(await peer.take(16), '827e0138dec0adde0c0000002c010000')
      assert.is(await peer.take(300), '00'.repeat(300))
      sendPacket(world, client, new Uint8Array(90_000))
      assert.is(await peer.take(22), '827f0000000000015f9cdec0adde0c000000905f0100')
      assert.is(await peer.take(90_000), '00'.repeat(90_000))
      destroySocket(world, client)
      assert.is(await peer.take(4), '880203e8')
    }),
  )

  it(
    'raw mode',
    withWebSocket(async (net) => {
      const { world, port, server, events } = net.server({ raw: true })
      const peer = await net.peer(port)
      await upgrade(peer)
      await until(() => events.length === 1, [world])
      const client = events[0]!.socket!
      sendRaw(world, client, textHi, { size: 3, type: MessageType.text })
      sendRaw(world, client, textHi)
      sendRaw(world, client, textHi, { size: 0 })
      assert.is(await peer.take(12), '810368c3a9820368c3a98200')
      // "Hello" of RFC 6455 section 5.7, whole and in two fragments with a ping between them.
      peer.send('818537fa213d7f9f4d5158')
      peer.send(masked('01', '48656c') + masked('89', 'aa') + masked('80', '6c6f'))
      await until(() => events.length === 3, [world])
      assert.equal(messagesOf(events), ['48656c6c6f', '48656c6c6f'])
      assert.is(await peer.take(3), '8a01aa')
      destroySocket(world, server)
      assert.is(await peer.take(4), '880203e9')
    }),
  )

  for (const [name, frames, close] of [
    ['an unmasked frame', '8101ff', '03ea'],
    ['a reserved bit', masked('c1', '61'), '03ea'],
    ['an unknown opcode', masked('83', ''), '03ea'],
    ['text that is no UTF-8', masked('81', 'ff'), '03ef'],
    ['a message above the limit', '82ff00000000000003e937fa213d', '03f1'],
    ['too many fragments', masked('02', '') + masked('00', '').repeat(1_024), '03f0'],
  ] as const)
    it(
      `ends for ${name}`,
      withWebSocket(async (net) => {
        const { world, port, events } = net.server({ raw: true, messageBytesMax: 1_000 })
        const peer = await net.peer(port)
        await upgrade(peer)
        peer.send(frames)
        assert.is(await peer.take(4), `8802${close}`)
        await until(() => events.length === 2, [world])
        assert.equal(
          events.map(({ succeeded }) => succeeded),
          [1, 0],
        )
      }),
    )
})

spec('frames of our client', (it) => {
  it(
    'packet mode',
    withWebSocket(async (net) => {
      const { world, socket, events } = net.client()
      const listener = await net.listen(0, '127.0.0.1')
      const result = connectSocket(world, socket, '127.0.0.1', listener.port)
      const peer = await listener.accept()
      const head = await acceptUpgrade(peer)
      assert.match(head, /^GET \/ HTTP\/1\.1\r\n/)
      assert.match(head, `\r\nHost: 127.0.0.1:${listener.port}\r\n`)
      assert.match(head, /\r\nSec-WebSocket-Version: 13\r\n/i)
      assert.not.match(head, /extensions|sec-websocket-protocol/i)
      peer.send(`8212${greeting}`)
      assert.is(await takeMasked(peer), `82 ${answer}`)
      // Two packets in one frame behind the welcome, all in one write.
      peer.send(`820c${welcome}8222${helloPacket}${helloPacket}`)
      assert.is(await result, socket)
      await until(() => events.length === 2, [world])
      assert.equal(messagesOf(events), [hello, hello])
      for (const size of [0, 5, 113, 114, 65_523, 65_524]) {
        sendPacket(world, socket, new Uint8Array(size))
        const header = Buffer.alloc(4)
        header.writeUInt32LE(size)
        assert.ok(
          (await takeMasked(peer)) ===
            `82 dec0adde0c000000${header.toString('hex')}${'00'.repeat(size)}`,
        )
      }
      destroySocket(world, socket)
      assert.is(await takeMasked(peer), '88 03e8')
    }),
  )

  it(
    'raw mode',
    withWebSocket(async (net) => {
      const { world, socket, events } = net.client()
      const listener = await net.listen(0, '127.0.0.1')
      const result = connectSocket(world, socket, '127.0.0.1', listener.port, { raw: true })
      const peer = await listener.accept()
      await acceptUpgrade(peer)
      assert.is(await result, socket)
      sendRaw(world, socket, textHi, { size: 3, type: MessageType.text })
      sendRaw(world, socket, textHi)
      sendRaw(world, socket, textHi, { size: 0 })
      assert.is(await takeMasked(peer), '81 68c3a9')
      assert.is(await takeMasked(peer), '82 68c3a9')
      assert.is(await takeMasked(peer), '82 ')
      peer.send('810548656c6c6f')
      peer.send('010348656c8901aa80026c6f')
      await until(() => events.length === 2, [world])
      assert.equal(messagesOf(events), ['48656c6c6f', '48656c6c6f'])
      assert.is(await takeMasked(peer), '8a aa')
    }),
  )

  it(
    'a wrong answer to its key is handshakeFailed',
    withWebSocket(async (net) => {
      const { world, socket } = net.client()
      const listener = await net.listen(0, '127.0.0.1')
      const result = connectSocket(world, socket, '127.0.0.1', listener.port)
      const peer = await listener.accept()
      await takeHead(peer)
      peer.send(
        Buffer.from(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
            'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
        ),
      )
      assert.is(await result, NetworkError.handshakeFailed)
    }),
  )
})
