// SIGSTOP of a server that has peers, for 5 s and for 30 s. A process that is stopped loses nobody; its peers run on, by their
// own limits (SECURITY.md, "dies silently").

import { DisconnectReason, NetworkError } from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { patience } from '../lib/patience.ts'
import { figure } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { BarePeers, OwnPeers } from './stoppedPeers.ts'
import { type Name, names, reportOf, serve } from './stoppedServer.ts'

const count = 100
/** Peers of ours that send as much as they can. */
const busyCount = 4
const mode = 'serve'
const { timedOut } = DisconnectReason

if (process.argv[2] === mode) serve(process.argv[3] === 'reliable')
else if (process.platform === 'win32') console.log('skipped: a stopped server: no SIGSTOP')
else spec('a server that is stopped', declare, 120_000)

async function withServer(
  kind: 'plain' | 'reliable',
  run: (server: NodeProgram) => Promise<void>,
): Promise<void> {
  const server = new NodeProgram(process.argv[1]!, [mode, kind])
  try {
    await run(server)
    assert.is(server.hasEnded, false, server.output)
  } finally {
    // A stopped process ends too.
    server.end('SIGKILL')
  }
}

async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`still not so: ${String(condition)}`)
    await delay(20)
  }
}

function stop({ pid }: NodeProgram): () => void {
  process.kill(pid, 'SIGSTOP')
  return () => void process.kill(pid, 'SIGCONT')
}

/** Whether each of these has come as often as it should. */
function cameOnce(texts: Readonly<Record<string, number>>, expected: readonly string[]): boolean {
  return expected.every((text) => texts[text] === 1)
}

function declare(it: (name: string, run: () => Promise<void>) => void): void {
  // Together, since most of it is waiting.
  const stopsOfBare = withServer('plain', playBare)
  const stopsOfOwn = withServer('reliable', playOwn)
  stopsOfOwn.catch(() => {})
  stopsOfBare.catch(() => {})

  it(`30 s: ${count} bare peers of each transport stay, and what they send meanwhile comes once`, () =>
    stopsOfBare)

  it(`5 s and 30 s: ${count} peers of ours of each transport stay, or end for timedOut when they should`, () =>
    stopsOfOwn)
}

async function playBare(server: NodeProgram): Promise<void> {
  const { ports } = await reportOf(server)
  const bare = new BarePeers()
  try {
    await bare.open(ports, count)
    const sayAll = (word: string): string[] =>
      bare.peers.map(({ name, send }, index) => {
        const text = `${word} ${name} ${index}.`
        send(text)
        return text
      })
    const isHeard = (texts: readonly string[]) => async (): Promise<boolean> =>
      cameOnce((await reportOf(server)).texts, texts) &&
      texts.every((text) => bare.heard.includes(text))
    await waitFor(isHeard(sayAll('before')))
    const goOn = stop(server)
    const during = sayAll('during')
    await delay(30_000)
    goOn()
    await waitFor(isHeard(during))
    await waitFor(isHeard(sayAll('after')))
    const { connects, lost } = await reportOf(server)
    assert.equal(connects, { TCP: count, WebSocket: count, UDP: 0 })
    assert.equal(lost, { TCP: [], WebSocket: [], UDP: [] })
    assert.is(bare.lost, 0)
    figure('R-32', `stopped for 30 s: ${bare.peers.length} bare peers, 0 lost, each message once`)
  } finally {
    bare.close()
  }
}

async function playOwn(server: NodeProgram): Promise<void> {
  const { ports } = await reportOf(server)
  const own = new OwnPeers(ports)
  try {
    await own.open(count)
    await heardAll(own, 'before')
    await stopShortly(server, own)
    await stopLong(server, own)
  } finally {
    own.close()
  }
}

/** What they say comes back, once. */
async function heardAll(own: OwnPeers, prefix: string): Promise<void> {
  own.sayAll(prefix)
  await waitFor(() => cameOnce(own.heard, textsOf(own, prefix)))
}

function textsOf({ sockets }: OwnPeers, prefix: string, of: readonly Name[] = names): string[] {
  return of.flatMap((name) => sockets[name].map((socket) => `${prefix} ${name} ${socket}`))
}

async function stopShortly(server: NodeProgram, own: OwnPeers): Promise<void> {
  const goOn = stop(server)
  own.sayAll('short')
  await delay(5_000)
  goOn()
  await waitFor(() => cameOnce(own.heard, textsOf(own, 'short')))
  await heardAll(own, 'after short')
  assert.equal(own.lost, [])
  const { lost, texts } = await reportOf(server)
  assert.equal(lost, { TCP: [], WebSocket: [], UDP: [] })
  assert.ok(cameOnce(texts, [...textsOf(own, 'short'), ...textsOf(own, 'after short')]))
  figure(
    'R-32',
    `stopped for 5 s: ${count * names.length} peers of ours, 0 lost, each message once`,
  )
}

async function stopLong(server: NodeProgram, own: OwnPeers): Promise<void> {
  const busy = await Promise.all(Array.from({ length: busyCount }, () => own.add('TCP')))
  const idle = await Promise.all(Array.from({ length: busyCount }, () => own.add('UDP')))
  const goOn = stop(server)
  const stoppedMs = performance.now()
  // Those that have nothing to be answered hear of nothing.
  own.sockets.UDP.splice(-busyCount)
  own.sayAll('long')
  for (const socket of busy) fill(own, socket)
  await delay(30_000)
  own.sockets.UDP.push(...idle)
  assertLost(own, 'WebSocket', own.sockets.WebSocket, [stoppedMs, 18, 22])
  assertLost(own, 'UDP', own.sockets.UDP.slice(0, count), [stoppedMs, 9, 11])
  assertLost(own, 'TCP', busy, [stoppedMs, 14, 17])
  goOn()
  await assertSane(server, own, busy)
}

/** Sends until nothing more is taken: its peer's memory and its own are full. */
function fill(own: OwnPeers, socket: number): void {
  let result = 0
  const bytes = new Uint8Array(65_536)
  for (let sent = 0; sent < 1_000 && result >= 0; sent++) result = own.send('TCP', socket, bytes)
  assert.is(result, NetworkError.sendQueueFull)
}

/** Each of these, and no other of the transport, has ended once, in time. */
function assertLost(
  own: OwnPeers,
  name: Name,
  sockets: readonly number[],
  [sinceMs, from, to]: readonly [sinceMs: number, from: number, to: number],
): void {
  const lost = own.lostOf(name)
  assert.equal(lost.map(({ socket }) => socket).sort(ascending), [...sockets].sort(ascending))
  const seconds = lost.map(({ atMs }) => (atMs - sinceMs) / 1_000)
  const [first, last] = [Math.min(...seconds), Math.max(...seconds)]
  const when = `${first.toFixed(2)} to ${last.toFixed(2)} s after`
  figure('R-32', `stopped for 30 s: ${lost.length} peers of ours over ${name} ended ${when}`)
  assert.ok(lost.every(({ reason }) => reason === timedOut))
  assert.ok(first >= from && last <= to * patience, `${name}: from ${first} to ${last} s`)
}

function ascending(a: number, b: number): number {
  return a - b
}

/** The server has lost those that ended, once each, and goes on with the others. */
async function assertSane(
  server: NodeProgram,
  own: OwnPeers,
  busy: readonly number[],
): Promise<void> {
  own.sockets.TCP = own.sockets.TCP.filter((socket) => !busy.includes(socket))
  own.sockets.WebSocket = []
  const isLost = async (): Promise<boolean> => {
    const { lost } = await reportOf(server)
    return lost.WebSocket.length >= count && lost.TCP.length >= busyCount
  }
  await waitFor(isLost)
  // What waited for the server when it was stopped still comes to those that are there.
  await waitFor(() => cameOnce(own.heard, textsOf(own, 'long', ['TCP'])))
  // A peer that was lost begins anew.
  await heardAll(own, 'at last')
  await own.add('WebSocket')
  await heardAll(own, 'anew')
  const { lost, connects, texts } = await reportOf(server)
  for (const [name, number] of [
    ['WebSocket', count],
    ['TCP', busyCount],
    ['UDP', 0],
  ] as const) {
    assert.is(lost[name].length, number)
    assert.is(new Set(lost[name].map(([port]) => port)).size, number)
  }
  assert.equal(connects, { TCP: count + busyCount, WebSocket: count + 1, UDP: 0 })
  const late = textsOf(own, 'long').filter((text) => (texts[text] ?? 0) > 1)
  assert.equal(late, [], 'nothing comes twice')
  assert.is(own.lost.length, count * 2 + busyCount, 'each ended once')
}
