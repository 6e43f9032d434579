import { DisconnectReason } from 'bitecs-networking'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocket, WebSocketServer } from 'ws'
import { type CloseCause } from '../../src/transport/Transport.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import {
  closeRawPeers,
  connect,
  frame,
  isLeft,
  join,
  openDoor,
  rawClient,
  withDoor,
  send,
} from './webSocketPeers.ts'

const { closed, malformed, reset, tooLarge, timedOut } = DisconnectReason
const mib = 1024 * 1024

/** What keeps the process alive. */
function keepingAlive(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name !== 'Immediate')
}

/** Before any test: what is always there. */
const always = keepingAlive()

/** Waits for the ends of other cases, then counts what keeps the process alive besides their time limit. */
async function settled(): Promise<number> {
  await until(() => keepingAlive().length <= always.length + 1)
  return keepingAlive().length
}

spec('a peer that ends a WebSocket connection', (it) => {
  const codes: readonly [string, string, string][] = [
    ['1000', '03e8', '880203e8'],
    ['1001', '03e9', '880203e9'],
    ['1002', '03ea', '880203ea'],
    ['1009 with a reason', '03f1746f6f206c61726765', '880b03f1746f6f206c61726765'],
    ['3000', '0bb8', '88020bb8'],
    ['4999', '1387', '88021387'],
    ['no code', '', '8800'],
  ]
  for (const [title, payload, answer] of codes)
    it(`by a close frame with ${title}`, () =>
      withDoor(async (door) => {
        const peer = await rawClient(door.port)
        const server = await door.accept()
        peer.send(frame(0x82, '01') + frame(0x88, payload) + frame(0x82, '02'))
        assert.is(await peer.take(answer.length / 2), answer)
        await until(() => isLeft(peer))
        peer.end()
        await until(() => server.isOver)
        await turns()
        assert.equal(server.log, ['b:01', `ended ${closed}`])
        assert.is(peer.size, 0)
      }))

  it('by ending TCP without a close frame', () =>
    withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const server = await door.accept()
      peer.send(frame(0x82, '01'))
      peer.end()
      await until(() => server.isOver)
      assert.equal(server.log, ['b:01', `ended ${reset}`])
    }))

  it('in the middle of a frame', () =>
    withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const server = await door.accept()
      peer.send(frame(0x82, '0102').slice(0, -2))
      peer.end()
      await until(() => server.isOver)
      assert.equal(server.log, [`ended ${reset}`])
    }))

  it('by a reset', () =>
    withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const server = await door.accept()
      peer.reset()
      await until(() => server.isOver)
      assert.equal(server.log, [`ended ${reset}`])
    }))

  it('while the server is paused: what had arrived comes first', () =>
    withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const server = await door.accept()
      server.connection!.pause()
      peer.send(frame(0x82, '01') + frame(0x88, '03e8'))
      await turns(10)
      assert.equal(server.log, [])
      server.connection!.resume()
      await until(() => isLeft(peer))
      peer.end()
      await until(() => server.isOver)
      assert.equal(server.log, ['b:01', `ended ${closed}`])
    }))

  it('while a large message waits to leave: nothing is written behind the answer', () =>
    withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const server = await door.accept()
      peer.socket.pause()
      send(server, new Uint8Array(16 * mib))
      peer.send(frame(0x88, '03e8'))
      await turns(20)
      send(server, '01')
      peer.socket.resume()
      await until(() => isLeft(peer))
      peer.end()
      await until(() => server.isOver)
      assert.equal(server.log, [`ended ${closed}`])
      const hex = peer.takeAll()
      assert.ok(hex.endsWith('00880203e8'))
      assert.ok(hex.length / 2 < 16 * mib)
    }))

  it('a plain ws client, clean and not', () =>
    withDoor(async (door) => {
      for (const [end, reason] of [
        [(client: WebSocket) => client.close(), closed],
        [(client: WebSocket) => client.close(4_000, 'bye'), closed],
        [(client: WebSocket) => client.terminate(), reset],
      ] as const) {
        const client = new WebSocket(`ws://127.0.0.1:${door.port}`)
        const server = await door.accept()
        await until(() => client.readyState === WebSocket.OPEN)
        end(client)
        await until(() => server.isOver)
        assert.equal(server.log, [`ended ${reason}`])
      }
    }))

  it('a plain ws server, clean and not', async () => {
    const plain = new WebSocketServer({ port: 0 })
    for (const [end, reason] of [
      [(socket: WebSocket) => socket.close(), closed],
      [(socket: WebSocket) => socket.close(1_011, 'bye'), closed],
      [(socket: WebSocket) => socket.terminate(), reset],
    ] as const) {
      plain.removeAllListeners('connection')
      plain.once('connection', end)
      const client = connect({ port: (plain.address() as AddressInfo).port })
      await until(() => client.isOver)
      assert.equal(client.log, ['opened', `ended ${reason}`])
    }
    plain.close()
  })
})

spec('this side ends a WebSocket connection', (it) => {
  const causes: readonly [CloseCause | undefined, string, number][] = [
    [undefined, '880203e8', 1000],
    ['done', '880203e8', 1000],
    ['goingAway', '880203e9', 1001],
    ['full', '880203f5', 1013],
  ]
  for (const [cause, hex, code] of causes)
    it(`close(${cause ?? ''}) tells ${code}, from either end`, () =>
      withDoor(async (door) => {
        const peer = await rawClient(door.port)
        const server = await door.accept()
        send(server, '01')
        server.connection!.close(cause)
        assert.is(await peer.take(3 + 4), `820101${hex}`)
        await until(() => isLeft(peer))
        peer.send(frame(0x88, hex.slice(4)))
        peer.end()
        await until(() => peer.isClosed)
        assert.is(peer.error, undefined)
        assert.is(peer.size, 0)
        assert.equal(server.log, [])

        const plain = new WebSocketServer({ port: 0 })
        const codes: number[] = []
        plain.on('connection', (socket) => socket.on('close', (code) => codes.push(code)))
        const client = connect({ port: (plain.address() as AddressInfo).port })
        await until(() => client.log.length > 0)
        client.connection!.close(cause)
        await until(() => codes.length > 0)
        assert.equal(codes, [code])
        assert.equal(client.log, ['opened'])
        plain.close()
      }))

  it('a plain ws client hears the code, and that it was clean', () =>
    withDoor(async (door) => {
      const client = new WebSocket(`ws://127.0.0.1:${door.port}`)
      const ends: unknown[] = []
      client.addEventListener('close', ({ code, wasClean }) => ends.push(code, wasClean))
      const server = await door.accept()
      await until(() => client.readyState === WebSocket.OPEN)
      server.connection!.close('goingAway')
      await until(() => ends.length > 0)
      assert.equal(ends, [1001, true])
    }))

  it('close lets leave what was written first', () =>
    withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const server = await door.accept()
      peer.socket.pause()
      send(server, new Uint8Array(8 * mib))
      send(server, '0102')
      server.connection!.close()
      send(server, '03')
      await turns(20)
      peer.socket.resume()
      await until(() => isLeft(peer))
      const hex = peer.takeAll()
      assert.is(hex.slice(-16), '82020102880203e8')
      assert.ok(hex.length / 2 > 8 * mib)
      assert.equal(server.log, [])
    }))

  const endings: readonly [string, number | undefined, string][] = [
    ['malformed', malformed, '880203ea'],
    ['tooLarge', tooLarge, '880203f1'],
    ['timedOut', timedOut, ''],
    ['nothing', undefined, ''],
  ]
  for (const [title, reason, hex] of endings)
    it(`reset for ${title} tells ${hex === '' ? 'nothing' : hex}`, () =>
      withDoor(async (door) => {
        const peer = await rawClient(door.port)
        const server = await door.accept()
        server.connection!.reset(reason as DisconnectReason | undefined)
        await until(() => isLeft(peer))
        assert.is(peer.takeAll(), hex)
        assert.is(peer.wasReset, hex === '')
        assert.equal(server.log, [])
      }))

  it('reset drops what waits', () =>
    withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const server = await door.accept()
      peer.socket.pause()
      send(server, new Uint8Array(32 * mib))
      await turns()
      server.connection!.reset(malformed)
      peer.socket.resume()
      await until(() => isLeft(peer))
      const hex = peer.takeAll()
      assert.ok(hex.endsWith('880203ea'))
      assert.ok(hex.length / 2 < 31 * mib)
    }))

  for (const end of ['close', 'reset'] as const)
    it(`nothing is heard after ${end}, though it has been read already`, () =>
      withDoor(async (door) => {
        const peer = await rawClient(door.port)
        const server = await door.accept()
        server.onReceived = () => server.connection![end]()
        peer.send(frame(0x82, '01').repeat(5) + frame(0x8a) + frame(0x88, '03e8'))
        await until(() => isLeft(peer))
        await turns(5)
        assert.equal(server.log, ['b:01'])
      }))

  it('ends called again, and in any order, change nothing and free everything', async () => {
    const before = await settled()
    await withDoor(async (door) => {
      const peer = await rawClient(door.port)
      const { connection, log } = await door.accept()
      connection!.close()
      connection!.close('full')
      connection!.reset(malformed)
      connection!.reset()
      connection!.close()
      connection!.pause()
      connection!.resume()
      connection!.ping!()
      await until(() => isLeft(peer))
      assert.is(connection!.pendingBytes, 0)
      assert.equal(log, [])
    })
    await until(() => keepingAlive().length === before)
  })

  it('ends called after the peer has ended it', () =>
    withDoor(async (door) => {
      for (const end of ['close', 'reset'] as const) {
        const { client, server } = await join(door)
        client.connection!.close()
        await until(() => server.isOver)
        server.connection![end]()
        send(server, '01')
        server.connection!.ping!()
        assert.is(server.connection!.pendingBytes, 0)
        assert.equal(server.log, [`ended ${closed}`])
      }
    }))

  it('a connection turned away while it is told of', async () => {
    for (const [end, hex] of [
      ['close', '880203f5'],
      ['reset', ''],
    ] as const) {
      const door = openDoor()
      door.onAccepted = (connection) => connection[end]('full' as never)
      const peer = await rawClient(door.port)
      peer.send(frame(0x82, '01'))
      await until(() => isLeft(peer))
      assert.is(peer.takeAll(), hex)
      assert.equal((await door.accept()).log, [])
      closeRawPeers()
      door.close()
    }
  })

  it('a peer that never answers is left after five seconds, and keeps no process alive', async () => {
    await settled()
    await withDoor(async (door) => {
      const before = keepingAlive().length
      const peer = await rawClient(door.port)
      const server = await door.accept()
      const deaf = await rawClient(door.port)
      const other = await door.accept()
      assert.is(keepingAlive().length, before + 4)
      const start = performance.now()
      server.connection!.close()
      other.connection!.reset(malformed)
      await until(() => isLeft(peer) && isLeft(deaf))
      await turns()
      assert.is(keepingAlive().length, before + 2, 'only the ends of the peers are left')
      // Writing fails once the other end is gone altogether.
      const timer = setInterval(() => peer.send('00'), 50)
      await until(() => peer.isClosed)
      clearInterval(timer)
      const waited = performance.now() - start
      assert.ok(waited > 4_500 && waited < 8_000, `${waited} ms`)
    })
  })

  it('a hundred connections leave nothing behind', async () => {
    const before = await settled()
    const door = openDoor()
    for (let count = 0; count < 100; count++) {
      const { client, server } = await join(door)
      send(client, '01')
      await until(() => server.messages.length === 1)
      const first = count % 2 === 0 ? client : server
      const second = first === client ? server : client
      if (count % 4 < 2) first.connection!.close()
      else first.connection!.reset()
      await until(() => second.isOver)
    }
    door.listener!.close()
    await until(() => keepingAlive().length === before)
  })
})
