import { DisconnectReason } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import {
  frame,
  join,
  rawClient,
  withDoor,
  send,
  rawJoin,
  rawServer,
  takeMasked,
  write,
} from './webSocketPeers.ts'

const mib = 1024 * 1024

/** The frames of a server, read by RFC 6455 section 5.2. */
function framesOf(bytes: Buffer): { first: number; payload: Buffer }[] {
  const frames: { first: number; payload: Buffer }[] = []
  let at = 0
  while (at < bytes.length) {
    const first = bytes[at]!
    let size = bytes[at + 1]!
    at += 2
    if (size === 126) {
      size = bytes.readUInt16BE(at)
      at += 2
    } else if (size === 127) {
      size = Number(bytes.readBigUInt64BE(at))
      at += 8
    }
    frames.push({ first, payload: bytes.subarray(at, at + size) })
    at += size
  }
  assert.is(at, bytes.length, 'whole frames')
  return frames
}

spec('messages over WebSocket', (it) => {
  it('keep their limits and their types, both ways', () =>
    withDoor(async (door) => {
      const { client, server } = await join(door)
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        const bytes = Buffer.from('0102 68c3a9 0000'.replaceAll(' ', ''), 'hex')
        write(from, bytes, { ends: [2, 5, 5, 7], types: [1, 2, 1, 1] })
        send(from, '', 2)
        await until(() => to.messages.length === 5)
        assert.equal(to.log.slice(-5), ['b:0102', 't:68c3a9', 'b:', 'b:0000', 't:'])
      }
    }))

  it('of every size around the limits of the header', () =>
    withDoor(
      async (door) => {
        const { client, server } = await join(door)
        const sizes = [0, 1, 125, 126, 127, 4_095, 65_535, 65_536, 262_143, 262_144, 262_145, mib]
        for (const size of sizes) {
          const bytes = Buffer.alloc(size, size % 255)
          for (const [from, to] of [
            [client, server],
            [server, client],
          ] as const) {
            const before = to.messages.length
            send(from, bytes)
            await until(() => to.messages.length > before)
            assert.ok(bytes.equals(to.messages.at(-1)!), `${size} bytes`)
          }
        }
      },
      { messageBytesMax: mib },
    ))

  it('many in one write arrive in order', () =>
    withDoor(async (door) => {
      const { client, server } = await join(door)
      const count = 20_000
      const bytes = new Uint8Array(count * 4)
      const view = new DataView(bytes.buffer)
      for (let index = 0; index < count; index++) view.setUint32(index * 4, index)
      const ends = Array.from({ length: count }, (_, index) => (index + 1) * 4)
      const types = ends.map(() => 1 as const)
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        write(from, bytes, { ends, types })
        await until(() => to.messages.length === count)
        assert.is(Buffer.concat(to.messages).toString('hex'), Buffer.from(bytes).toString('hex'))
      }
    }))

  it('leave a server in one piece, without masks', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      const chunks: number[] = []
      peer.socket.on('data', ({ length }: Buffer) => chunks.push(length))
      write(server, Uint8Array.of(1, 2, 3), { ends: [1, 3], types: [1, 1] })
      assert.is(await peer.take(7), '82010182020203')
      assert.equal(chunks, [7])
    }))

  it('leave a client masked, each with a mask of its own', () =>
    rawServer(async (peer, client) => {
      const masks = new Set<string>()
      for (let count = 0; count < 50; count++) send(client, '00000000')
      for (let count = 0; count < 50; count++) {
        const hex = await peer.take(10)
        assert.is(hex.slice(0, 4), '8284')
        assert.is(hex.slice(4, 12), hex.slice(12), 'zeros show the mask')
        masks.add(hex.slice(4, 12))
      }
      assert.ok(masks.size > 45)
    }))

  it('are plain arrays, which the receiver may change', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      const received: string[] = []
      server.onReceived = (bytes) => {
        received.push(server.log.at(-1)!)
        bytes.fill(0xee)
      }
      // The second is cut by the end of a chunk, the third is the first again.
      await peer.sendCut(frame(0x82, '0102') + frame(0x82, '03040506') + frame(0x82, '0102'), [16])
      await until(() => server.messages.length === 3)
      assert.equal(received, ['b:0102', 'b:03040506', 'b:0102'])
      for (const bytes of server.messages)
        assert.is(Object.getPrototypeOf(bytes), Uint8Array.prototype)
    }))

  it('that are small do not keep the chunks in memory that they came in', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      const pong = frame(0x8a, '00'.repeat(125))
      const burst = Buffer.from(pong.repeat(400) + frame(0x82, '07'), 'hex')
      for (let count = 0; count < 100; count++) {
        peer.send(burst)
        await until(() => server.messages.length > count)
      }
      const memory = new Set(server.messages.map(({ buffer }) => buffer))
      let kept = 0
      for (const { byteLength } of memory) kept += byteLength
      assert.ok(kept < 100 * 4_200, `${kept} bytes for 100`)
    }))

  it('fragments, with control frames between them', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      peer.send(frame(0x01, '68c3') + frame(0x89, 'aabb') + frame(0x00) + frame(0x8a, '01'))
      peer.send(frame(0x80, 'a9') + frame(0x82, '05'))
      await until(() => server.messages.length === 2)
      assert.equal(server.log, ['alive', 't:68c3a9', 'b:05'])
      assert.is(await peer.take(4), '8a02aabb')
    }))

  it('arrive whole however their bytes are cut', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      const hex = '828537fa213d7f9f4d5158' + frame(0x81, '41') + frame(0x82)
      await peer.sendCut(
        hex,
        Array.from({ length: hex.length / 2 - 1 }, (_, at) => at + 1),
      )
      await until(() => server.messages.length === 3)
      assert.equal(server.log, ['b:48656c6c6f', 't:41', 'b:'])
    }))

  it('compression is not offered and not taken', () =>
    withDoor(async (door) => {
      const header = ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits']
      const peer = await rawClient(door.port, '/', header)
      await door.accept()
      peer.send(frame(0xc2, '4a01'))
      assert.is(await peer.take(4), '880203ea')
    }))
})

spec('flow over WebSocket', (it) => {
  it('ping is answered, and a pong tells', () =>
    withDoor(async (door) => {
      const { client, server } = await join(door)
      client.connection!.ping!()
      server.connection!.ping!()
      await until(() => client.log.length === 2 && server.log.length === 1)
      assert.equal(client.log, ['opened', 'alive'])
      assert.equal(server.log, ['alive'])
    }))

  it('a client answers a ping with a mask', () =>
    rawServer(async (peer, client) => {
      peer.send('8902aabb8900')
      assert.is(await takeMasked(peer), '8a aabb')
      assert.is(await takeMasked(peer), '8a ')
      client.connection!.ping!()
      assert.is(await takeMasked(peer), '89 ')
    }))

  it('pings are answered while 60 answers wait; a peer that asks on is ended', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      peer.socket.pause()
      send(server, new Uint8Array(12 * mib))
      await turns()
      peer.send(frame(0x89, '00').repeat(60) + frame(0x82, '01'))
      await until(() => server.messages.length === 1)
      peer.send(frame(0x89, '00'))
      await until(() => server.isOver)
      assert.equal(server.log, ['b:01', `ended ${DisconnectReason.reset}`])
    }))

  it('no ping is answered behind a close frame', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      server.connection!.close()
      peer.send(frame(0x89, 'aa'))
      peer.end()
      await until(() => peer.isClosed)
      assert.is(peer.takeAll(), '880203e8')
    }))

  it('a paused end makes its peer wait; nothing is lost', () =>
    withDoor(async (door) => {
      const { client, server } = await join(door)
      server.onReceived = () => server.connection!.pause()
      const size = 1_000
      const messages = 40_000
      const bytes = new Uint8Array(size * messages)
      const view = new DataView(bytes.buffer)
      for (let index = 0; index < messages; index++) view.setUint32(index * size, index)
      const ends = Array.from({ length: messages }, (_, index) => (index + 1) * size)
      write(client, bytes, { ends, types: ends.map(() => 1 as const) })
      await until(() => server.messages.length > 0)
      let before = 0
      for (let still = 0; still < 20; still++) {
        await turns()
        if (server.messages.length !== before) still = 0
        before = server.messages.length
      }
      assert.ok(before < 200, `${before} of a chunk that was there already`)
      assert.ok(client.connection!.pendingBytes > 10 * mib)
      assert.equal(client.log, ['opened'])
      server.onReceived = () => {}
      server.connection!.resume()
      await until(() => server.messages.length === messages && client.log.length === 2)
      server.messages.forEach((message, index) => {
        if (new DataView(message.buffer, message.byteOffset).getUint32(0) !== index)
          assert.unreachable(`message ${index}`)
      })
      assert.equal(client.log, ['opened', 'drained'])
      assert.is(client.connection!.pendingBytes, 0)
    }))

  it('what is pending shows progress and is told when it has left', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      const connection = server.connection!
      peer.socket.pause()
      write(server, new Uint8Array(32 * mib), { ends: [32 * mib], types: [1] })
      const seen = new Set<number>()
      await turns()
      assert.ok(connection.pendingBytes > 20 * mib)
      peer.socket.removeAllListeners('data')
      peer.socket.on('data', () => seen.add(connection.pendingBytes))
      peer.socket.resume()
      await until(() => server.log.length > 0)
      assert.equal(server.log, ['drained'])
      assert.is(connection.pendingBytes, 0)
      // In one write it would be all or nothing.
      assert.ok([...seen].some((bytes) => bytes > 2 * mib && bytes < 25 * mib))
      // What leaves at once needs no telling.
      send(server, '01')
      assert.is(connection.pendingBytes, 0)
      await turns(10)
      assert.equal(server.log, ['drained'])
    }))

  it('pongs go between frames while a large message leaves', () =>
    withDoor(async (door) => {
      const { peer, server } = await rawJoin(door)
      peer.socket.pause()
      const large = Buffer.alloc(12 * mib, 'x')
      send(server, large)
      for (let count = 0; count < 5; count++) {
        peer.send(frame(0x89, `0${count}`))
        await turns()
      }
      send(server, '0102')
      peer.socket.resume()
      await until(() => server.log.includes('drained'))
      await until(() => peer.size >= large.length + 4)
      await turns(10)
      const frames = framesOf(Buffer.from(peer.takeAll(), 'hex'))
      const pongs = frames.filter(({ first }) => first === 0x8a)
      assert.equal(
        pongs.map(({ payload }) => payload.toString('hex')),
        ['00', '01', '02', '03', '04'],
      )
      const data = frames.filter(({ first }) => first !== 0x8a)
      assert.ok(data.length > 40)
      assert.is(data[0]!.first, 0x02)
      assert.ok(data.slice(1, -2).every(({ first }) => first === 0x00))
      assert.is(data.at(-2)!.first, 0x80)
      assert.is(data.at(-1)!.payload.toString('hex'), '0102')
      assert.ok(Buffer.concat(data.slice(0, -1).map(({ payload }) => payload)).equals(large))
      assert.ok(frames.indexOf(pongs[0]!) < frames.length - 3, 'not behind it all')
    }))
})
