// What goes wrong in the long soak, one of these each second. A fault that turns out otherwise than it should throws.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { answer, joinServer, packet, u32 } from '../lib/gameMaker.ts'
import { type Noise } from '../lib/noise.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { overTcp, overUdp, overWebSocket } from '../lib/strangers.ts'
import { until } from '../lib/until.ts'
import { type LineName, orders } from './soakLines.ts'

/** Where a fault happens: one of the games, and the processes of peers. */
export interface FaultSite {
  readonly noise: Noise
  readonly portOf: (name: LineName) => number
  /** Destroys a server and makes it again on its port. */
  readonly restart: (name: LineName) => Promise<void>
  /** Counts an error that a handler is ordered to throw. */
  readonly expectThrow: () => void
  /** SIGSTOP of a process of peers for a time. */
  readonly stopPeers: (ms: number) => Promise<void>
  /** SIGKILL of a process of peers, and another in its place. */
  readonly killPeers: () => Promise<void>
}

type Fault = (site: FaultSite) => Promise<void>

const host = '127.0.0.1'
/** Longer than every limit of a server on a peer that does nothing, 10 to 20 s. */
const endsMs = 30_000
const floodMs = 1_000
const burstCount = 50
const halfOpenCount = 20
const falseSenders = 64
const fragments = 2_000
const largeBytes = 65_536
const greedyBytes = 12 * 1024 * 1024

async function join(port: number): Promise<RawPeer> {
  const peer = await RawPeer.connect(port)
  await joinServer(peer)
  return peer
}

/** The server closes it, by its own limits at the latest. */
async function isTurnedOut(peer: RawPeer): Promise<void> {
  await until(() => peer.isClosed || peer.hasEnded, [], endsMs)
  peer.close()
}

/** A peer that is still there gets back what it sends. */
async function isServed(port: number): Promise<void> {
  const peer = await join(port)
  const message = packet(u32(1))
  peer.send(message)
  const back = await peer.take(message.length / 2)
  peer.close()
  if (back !== message) throw new Error(`${back} came back`)
}

async function openWebSocket(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${host}:${port}`)
  socket.on('error', () => {})
  await once(socket, 'open')
  socket.send(Buffer.from(answer, 'hex'))
  return socket
}

async function isClosed(socket: WebSocket): Promise<void> {
  await until(() => socket.readyState === WebSocket.CLOSED, [], endsMs)
}

/** Sends bytes again and again for a time, as fast as they are taken. */
async function flood(peer: RawPeer, bytes: Uint8Array): Promise<void> {
  const end = performance.now() + floodMs
  peer.socket.resume()
  while (performance.now() < end && !peer.isClosed) {
    peer.send(bytes)
    if (peer.socket.writableNeedDrain) await delay(1)
  }
}

export const faults: Readonly<Record<string, Fault>> = {
  async garbage({ noise, portOf }) {
    const lines: LineName[] = ['TCP', 'raw TCP', 'WebSocket', 'restarted TCP']
    await overTcp(portOf(lines[noise.below(lines.length)]!))(noise.next(), 50)
  },

  async 'garbage in frames'({ noise, portOf }) {
    await overWebSocket(`ws://${host}:${portOf('WebSocket')}`)(noise.next(), 50)
  },

  async 'garbage in datagrams'({ noise, portOf }) {
    await overUdp(portOf(noise.isLucky(0.5) ? 'UDP' : 'reliable UDP'))(noise.next(), 64)
  },

  async 'never reads'({ portOf }) {
    const peer = await join(portOf('TCP'))
    peer.socket.pause()
    const message = Buffer.from(packet(u32(0) + '00'.repeat(largeBytes)), 'hex')
    for (let sent = 0; sent < greedyBytes && !peer.isClosed; sent += message.length) {
      peer.send(message)
      while (peer.socket.writableNeedDrain && !peer.isClosed) await delay(10)
    }
    // Who neither reads nor writes does not see that it was turned out.
    const end = performance.now() + endsMs
    while (!peer.isClosed && performance.now() < end) {
      peer.send(packet(u32(0)))
      await delay(500)
    }
    if (!peer.isClosed) throw new Error('still there')
  },

  async flood({ portOf }) {
    const peer = await join(portOf('TCP'))
    await flood(peer, Buffer.from(packet(u32(0)).repeat(1_000), 'hex'))
    peer.reset()
  },

  async 'flood in datagrams'({ noise, portOf }) {
    const socket = createSocket('udp4')
    socket.on('error', () => {})
    const port = portOf(noise.isLucky(0.5) ? 'UDP' : 'reliable UDP')
    const end = performance.now() + floodMs
    while (performance.now() < end) {
      for (let count = 0; count < 50; count++) socket.send(noise.datagram(), port, host)
      await delay(1)
    }
    socket.close()
  },

  async 'burst of connects'({ noise, portOf }) {
    const port = portOf(noise.isLucky(0.5) ? 'TCP' : 'WebSocket')
    const peers = await Promise.all(Array.from({ length: burstCount }, () => RawPeer.connect(port)))
    for (const peer of peers) {
      if (noise.isLucky(0.5)) peer.send(answer)
      if (noise.isLucky(0.5)) peer.reset()
      else peer.close()
    }
  },

  async 'half-open handshakes'({ noise, portOf }) {
    const names: LineName[] = ['TCP', 'WebSocket', 'restarted TCP']
    const port = portOf(names[noise.below(names.length)]!)
    const peers = await Promise.all(
      Array.from({ length: halfOpenCount }, () => RawPeer.connect(port)),
    )
    for (const peer of peers) peer.send(answer.slice(0, noise.below(answer.length / 2) * 2))
    await Promise.all(peers.map(isTurnedOut))
  },

  async 'huge claim'({ noise, portOf }) {
    const peer = await join(portOf('TCP'))
    const size = noise.isLucky(0.5) ? 0xffff_ffff : 4 * 1024 * 1024
    peer.send(packet('').slice(0, 16) + u32(size) + '00')
    if (size > 4 * 1024 * 1024) await isTurnedOut(peer)
    else peer.close()
  },

  async 'wrong close'({ noise, portOf }) {
    const socket = await openWebSocket(portOf('WebSocket'))
    // Code 1005 never stands in a frame, and a frame of a client is masked.
    const frames = ['888203ed0000', '880203e8', '8881000000ff', '82fe']
    const { _socket: stream } = socket as unknown as { readonly _socket: RawPeer['socket'] }
    stream.end(Buffer.from(frames[noise.below(frames.length)]!, 'hex'))
    await isClosed(socket)
  },

  async 'half a packet, then the end'({ noise, portOf }) {
    const peer = await join(portOf('TCP'))
    peer.send(packet(u32(0)).slice(0, 26))
    if (noise.isLucky(0.5)) peer.reset()
    else peer.end()
    await isTurnedOut(peer)
  },

  async 'bomb of fragments'({ portOf }) {
    const socket = await openWebSocket(portOf('WebSocket'))
    for (let count = 0; count < fragments && socket.readyState === WebSocket.OPEN; count++)
      socket.send('', { binary: true, fin: false })
    await isClosed(socket)
  },

  async 'false senders'({ noise, portOf }) {
    const port = portOf(noise.isLucky(0.5) ? 'UDP' : 'reliable UDP')
    const send = async (index: number): Promise<void> => {
      const socket = createSocket('udp4')
      socket.on('error', () => {})
      socket.bind(0, `127.255.${noise.below(250)}.${index}`)
      await once(socket, 'listening')
      for (let count = 0; count < 4; count++) socket.send(noise.datagram(), port, host)
      await delay(20)
      socket.close()
    }
    await Promise.all(Array.from({ length: falseSenders }, (_, index) => send(index + 1)))
  },

  async 'server made again'({ portOf, restart, noise }) {
    const port = portOf('restarted TCP')
    const peer = await join(port)
    await restart('restarted TCP')
    await isTurnedOut(peer)
    await isServed(port)
    await restart(noise.isLucky(0.5) ? 'restarted WebSocket' : 'restarted UDP')
    const socket = await openWebSocket(portOf('restarted WebSocket'))
    socket.close()
    await isClosed(socket)
  },

  async 'entity removed'({ portOf }) {
    const peer = await join(portOf('TCP'))
    peer.send(packet(u32(orders.removeMe)) + packet(u32(1)).repeat(3))
    await isTurnedOut(peer)
  },

  async 'handler throws'({ portOf, expectThrow }) {
    const port = portOf('TCP')
    const peer = await join(port)
    expectThrow()
    const after = packet(u32(2))
    peer.send(packet(u32(orders.throwError)) + after)
    const back = await peer.take(after.length / 2)
    peer.close()
    if (back !== after) throw new Error(`${back} came back`)
  },

  'peers stopped': ({ stopPeers }) => stopPeers(2_000),
  'peers killed': ({ killPeers }) => killPeers(),
}
