// A secure WebSocket server among peers that get TLS wrong, while good ones connect: webSocketTls.long.test.ts has each fault once.

import { NetworkError } from 'bitecs-networking'
import { setTimeout as rest } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import * as assert from 'uvu/assert'
import { ws, wss } from '../../src/transport/node/webSocket.node.ts'
import { authority, expiredCertificate, localCertificate } from '../lib/certificates.ts'
import { countDescriptors } from '../lib/fileDescriptors.ts'
import { RawListener } from '../lib/RawListener.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { amountOf, figure } from '../lib/row.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { connect, type Door, isLeft, send, withDoor } from './webSocketPeers.ts'

/** Waves of peers, each with all kinds once or more. */
const waves = amountOf({ test: 2, ci: 12, soak: 150 })
const goodInWave = 4
const handshakeTimeoutMs = 600

/** What comes to the server beside good clients. Each resolves when it has been turned away. */
const kinds: Readonly<Record<string, (port: number) => Promise<void>>> = {
  async 'a client that does not trust'(port) {
    const heard = connect({ port }, wss)
    await until(() => heard.isOver)
    assert.equal(heard.log, [`failed ${NetworkError.untrusted}`])
  },

  async 'a client without TLS'(port) {
    const heard = connect({ port }, ws)
    await until(() => heard.isOver)
    assert.equal(heard.log, [`failed ${NetworkError.connectionClosed}`])
  },

  async garbage(port) {
    const peer = await RawPeer.connect(port)
    peer.send('00'.repeat(100))
    await leave(peer)
  },

  async 'a peer that resets'(port) {
    const peer = await RawPeer.connect(port)
    peer.send('160301')
    peer.reset()
    await until(() => peer.isClosed)
  },

  async silence(port) {
    await leave(await RawPeer.connect(port))
  },

  async 'a record that comes byte by byte'(port) {
    const peer = await RawPeer.connect(port)
    peer.send('16')
    const bytes = ['03', '01', '01', '00', ...Array.from({ length: 200 }, () => '01')]
    for (const byte of bytes) {
      if (isLeft(peer)) break
      peer.send(byte)
      await rest(20)
    }
    await leave(peer)
  },

  async 'TLS 1.1'(port) {
    const socket = connectTls({ port, host: '127.0.0.1', ca: authority, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' }) // prettier-ignore
    socket.on('error', () => undefined)
    await until(() => socket.destroyed)
  },

  async 'half a request behind TLS'(port) {
    const socket = connectTls({ port, host: '127.0.0.1', ca: authority })
    socket.on('error', () => undefined).resume()
    socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\n'))
    await until(() => socket.destroyed)
  },
}

async function leave(peer: RawPeer): Promise<void> {
  await until(() => isLeft(peer))
  peer.close()
}

/** A client that says something, is answered, and goes. */
async function beServed(port: number): Promise<void> {
  const client = connect({ port, ca: authority, timeoutMs: 10_000 }, wss)
  await until(() => client.log.length > 0)
  assert.equal(client.log, ['opened'])
  send(client, '01')
  await until(() => client.messages.length === 1)
  client.connection!.close()
}

/** Answers each message with itself. */
function echo(door: Door): void {
  for (const heard of door.heard) if (heard.messages.length > 0 && !heard.isOver && heard.messages.splice(0).length > 0) send(heard, '01') // prettier-ignore
}

spec(
  'a crowd at a secure server',
  (it) => {
    it(`${waves * (Object.keys(kinds).length + goodInWave)} connections of ${Object.keys(kinds).length} bad kinds, and good ones: every good one is served`, () =>
      withDoor(
        async (door) => {
          const warnings: Error[] = []
          const note = (warning: Error): void => void warnings.push(warning)
          process.on('warning', note)
          // The first wave opens what stays open.
          await comeAtOnce(door)
          const before = countDescriptors()
          for (let wave = 1; wave < waves; wave++) await comeAtOnce(door)
          const bad = waves * Object.keys(kinds).length
          await until(() => door.rejections === bad && countDescriptors() <= before)
          assert.is(door.heard.length, waves * goodInWave)
          assert.equal(warnings, [])
          process.off('warning', note)
          figure(
            'R-23',
            `${waves * goodInWave} good connections served among ${bad} of ${Object.keys(kinds).length} bad kinds, each refused and counted once; handles flat`,
          )
        },
        { certificate: localCertificate, handshakeTimeoutMs },
        wss,
      ))

    it('a server with an expired certificate: every client fails by its type, nothing stays open', () =>
      withDoor(
        async (door) => {
          const before = countDescriptors()
          const clients = Array.from({ length: waves * 4 }, () =>
            connect({ port: door.port, ca: authority }, wss),
          )
          await until(() => clients.every((client) => client.isOver))
          for (const { log } of clients) assert.equal(log, [`failed ${NetworkError.untrusted}`])
          await until(() => door.rejections === clients.length && countDescriptors() <= before)
          figure(
            'R-23',
            `${clients.length} clients of an expired certificate: untrusted, each once`,
          )
        },
        { certificate: expiredCertificate },
        wss,
      ))

    it('a client whose server answers byte by byte fails when its time is over', async () => {
      const listener = await RawListener.listen()
      const started = performance.now()
      const client = connect({ port: listener.port, timeoutMs: 500 }, wss)
      const peer = await listener.accept()
      peer.send('16')
      while (!client.isOver) {
        if (!isLeft(peer)) peer.send('03')
        await rest(20)
      }
      assert.equal(client.log, [`failed ${NetworkError.timedOut}`])
      assert.ok(performance.now() - started >= 490)
      listener.close()
    })
  },
  60_000 + waves * 5_000,
)

async function comeAtOnce(door: Door): Promise<void> {
  const { port } = door
  const all = [
    ...Object.values(kinds).map((come) => come(port)),
    ...Array.from({ length: goodInWave }, () => beServed(port)),
  ]
  let isDone = false
  const done = Promise.all(all).finally(() => (isDone = true))
  await until(
    () => isDone,
    () => echo(door),
    60_000,
  )
  await done
}
