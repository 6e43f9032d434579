// What one peer costs a server in memory at most: SECURITY.md says it, and here it is measured.

import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { createData } from '../../src/protocol/reliable/reliableDatagram.ts'
import { answer, joinServer, packet, u32 } from '../lib/gameMaker.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { spec } from '../spec.ts'
import { AskedProgram } from './AskedProgram.ts'
import { type CostReport, serveCosts } from './costServer.ts'

const mode = 'serve'
const host = '127.0.0.1'
const kibibyte = 1024
const messageBytes = 4 * 1024 * kibibyte
/** Of payload in a datagram of reliable UDP. */
const fragmentBytes = 1_188
/** Fragments of the largest message, but the first. */
const fragments = Math.floor((1024 * kibibyte) / fragmentBytes)

/** What peers are done with in the end. */
type End = () => void

/** Makes peers of a server, and returns what ends them. */
type Attack = (server: AskedProgram, ports: CostReport['ports'], count: number) => Promise<End>

/** By the words of SECURITY.md: how many peers, and what they do. */
const costs: Readonly<Record<string, readonly [count: number, attack: Attack]>> = {
  'a silent connection over TCP': [1_000, eachOf(({ TCP }) => join(TCP))],
  'a silent connection over WebSocket': [1_000, eachOf(({ WebSocket: port }) => joinFrames(port))],
  'a silent connection over secure WebSocket': [
    500,
    eachOf((ports) => joinFrames(ports['secure WebSocket'], 'wss')),
  ],
  'an unfinished handshake over TCP': [900, eachOf(({ TCP }) => RawPeer.connect(TCP))],
  'an unfinished handshake over WebSocket': [
    900,
    eachOf(({ WebSocket: port }) => RawPeer.connect(port)),
  ],
  'an unfinished handshake over secure WebSocket, TLS done': [
    500,
    eachOf((ports) => joinTls(ports['secure WebSocket'])),
  ],
  'an unfinished message over TCP': [10, eachOf(({ TCP }) => beginMessage(TCP))],
  'a full receive queue of small packets': [20, fillSmall],
  'a full receive queue of large packets': [20, eachOf(({ TCP }) => sendLarge(TCP), true)],
  'a full send queue': [20, fillSendQueues],
  'a sender of UDP': [500, overUdp(() => [Buffer.of(1)])],
  'a datagram of one byte that waits': [
    100 * 64,
    (server, ports) =>
      overUdp(() => Array.from({ length: 64 }, () => Buffer.of(1)), true)(server, ports, 100),
  ],
  'a peer of reliable UDP': [500, overUdp((index) => [dataOf(index, 0, 0, true, Buffer.of(1))])],
  'an unfinished message of reliable UDP': [20, overUdp(unfinishedMessage)],
  'small messages of reliable UDP behind a missing one': [20, overUdp(missingMessage)],
}

if (process.argv[2] === mode) serveCosts()
else spec('what a peer costs', declare, 120_000)

function declare(it: (name: string, run: () => Promise<void>) => void): void {
  const document = readFileSync('SECURITY.md', 'utf8')
  for (const [name, [count, attack]] of Object.entries(costs))
    it(name, async () => {
      const claimed = claimOf(document, name)
      const server = new AskedProgram(mode)
      try {
        const grown = await growthBy(server, count, attack)
        console.log(`${name}: ${sizeOf(grown.usedBytes)}, RSS ${sizeOf(grown.rssBytes)}`)
        assert.ok(grown.usedBytes <= claimed, `${sizeOf(claimed)} are claimed`)
        assert.ok(grown.usedBytes >= claimed / 4, `${sizeOf(claimed)} are claimed`)
      } finally {
        server.program.end()
      }
    })
}

/** What the document's table says, in bytes. */
function claimOf(document: string, name: string): number {
  const found = new RegExp(`^\\| ${name} \\| ([\\d,.]+) (B|KiB|MiB) `, 'm').exec(document)
  if (found === null) throw new Error(`SECURITY.md has no cost of ${name}`)
  const factor = { B: 1, KiB: kibibyte, MiB: kibibyte ** 2 }[found[2] as 'B' | 'KiB' | 'MiB']
  return Number(found[1]!.replace(',', '')) * factor
}

function sizeOf(bytes: number): string {
  return bytes < kibibyte ** 2
    ? `${(bytes / kibibyte).toFixed(2)} KiB`
    : `${(bytes / kibibyte ** 2).toFixed(2)} MiB`
}

/** What one of them costs. */
async function growthBy(
  server: AskedProgram,
  count: number,
  attack: Attack,
): Promise<Pick<CostReport, 'usedBytes' | 'rssBytes'>> {
  const { ports } = await server.ask<CostReport>('report')
  // Code that runs for the first time takes memory of its own.
  const endFirst = await attack(server, ports, 2)
  endFirst()
  const before = await settled(server)
  const end = await attack(server, ports, count)
  const after = await settled(server)
  end()
  return {
    usedBytes: (after.usedBytes - before.usedBytes) / count,
    rssBytes: (after.rssBytes - before.rssBytes) / count,
  }
}

/** The report when nothing comes any more. */
async function settled(server: AskedProgram): Promise<CostReport> {
  let last = await server.ask<CostReport>('report')
  for (;;) {
    const next = await server.ask<CostReport>('report')
    if (next.bytesIn === last.bytesIn && next.connected === last.connected) return next
    last = next
  }
}

/** Peers over connections, some at a time. */
function eachOf(
  open: (ports: CostReport['ports']) => Promise<{ close(): void }>,
  isStopped = false,
): Attack {
  return async (server, ports, count) => {
    if (isStopped) await server.ask('stopTicks')
    const peers: { close(): void }[] = []
    while (peers.length < count) {
      const some = Array.from({ length: Math.min(50, count - peers.length) }, () => open(ports))
      peers.push(...(await Promise.all(some)))
    }
    return () => {
      for (const peer of peers) peer.close()
    }
  }
}

async function join(port: number): Promise<RawPeer> {
  const peer = await RawPeer.connect(port)
  await joinServer(peer)
  return peer
}

async function joinFrames(port: number, scheme = 'ws'): Promise<{ close(): void }> {
  const socket = new WebSocket(`${scheme}://${host}:${port}`, { rejectUnauthorized: false })
  await once(socket, 'open')
  socket.send(Buffer.from(answer, 'hex'))
  return { close: () => socket.terminate() }
}

async function joinTls(port: number): Promise<{ close(): void }> {
  const socket = connectTls({ port, host, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  return { close: () => void socket.destroy() }
}

async function beginMessage(port: number): Promise<RawPeer> {
  const peer = await join(port)
  peer.send(packet('').slice(0, 16) + u32(messageBytes))
  peer.send(Buffer.alloc(messageBytes - 1))
  return peer
}

async function sendLarge(port: number): Promise<RawPeer> {
  const peer = await join(port)
  const message = Buffer.from(packet('00'.repeat(64 * kibibyte)), 'hex')
  for (let sent = 0; sent < 4 * messageBytes; sent += message.length) peer.send(message)
  return peer
}

/** Small packets in reads of their own, which cost most. */
async function fillSmall(...[server, ports, count]: Parameters<Attack>): Promise<End> {
  await server.ask('stopTicks')
  const peers = await Promise.all(Array.from({ length: count }, () => join(ports.TCP)))
  const message = Buffer.from(packet('00'), 'hex')
  for (let sent = 0; sent < 1_100; sent++) {
    for (const peer of peers) peer.send(message)
    await delay(1)
  }
  return () => {
    for (const peer of peers) peer.close()
  }
}

async function fillSendQueues(...[server, ports, count]: Parameters<Attack>): Promise<End> {
  const peers = await Promise.all(Array.from({ length: count }, () => join(ports.TCP)))
  for (const peer of peers) peer.socket.pause()
  await settled(server)
  await server.ask('fill')
  return () => {
    for (const peer of peers) peer.close()
  }
}

/** Peers over UDP, each with a socket of its own that sends what is drawn. */
function overUdp(draw: (index: number) => readonly Uint8Array[], isStopped = false): Attack {
  return async (server, ports, count) => {
    if (isStopped) await server.ask('stopTicks')
    const sockets: UdpSocket[] = []
    for (let index = 0; index < count; index++) {
      const socket = createSocket('udp4')
      sockets.push(socket)
      for (const [at, datagram] of draw(index).entries()) {
        await new Promise((resolve) => {
          socket.send(datagram, ports.UDP, host, resolve)
        })
        // Else the system drops some before the server sees them.
        if (at % 64 === 63) await delay(20)
      }
    }
    return () => {
      for (const socket of sockets) socket.close()
    }
  }
}

/** A datagram of a session of a peer. */
function dataOf(
  peer: number,
  sequence: number,
  index: number,
  isLast: boolean,
  payload: Uint8Array,
): Uint8Array {
  return createData(peer + 1, sequence, index, true, isLast, payload)
}

/** The largest message without its first part. */
function unfinishedMessage(peer: number): Uint8Array[] {
  const payload = new Uint8Array(fragmentBytes)
  return Array.from({ length: fragments - 1 }, (_, at) =>
    dataOf(peer, at + 1, at + 1, false, payload),
  )
}

/** As many messages as are kept while the first is missing. */
function missingMessage(peer: number): Uint8Array[] {
  return Array.from({ length: 1_023 }, (_, at) => dataOf(peer, at + 1, 0, true, Buffer.of(1)))
}
