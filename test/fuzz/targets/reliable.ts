// One end of reliable UDP under a script of datagrams and of what its owner does: its memory is bounded, it answers small, hands
// out no more than came, and comes to rest when its peer is silent.
//
//   u8    bit 0: in order; the rest which limit
//   then steps of a u8 and what it needs (the table in `runStep`)

import * as assert from 'uvu/assert'
import {
  feedReliable,
  isIdle,
  nextRunMs,
  sendReliable,
  setReliableOrder,
} from '../../../src/protocol/reliable/ReliableLink.ts'
import {
  createAck,
  createData,
  fragmentBytes,
  readReliable,
} from '../../../src/protocol/reliable/reliableDatagram.ts'
import { LinkBench } from '../../protocol/reliable/LinkBench.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { ScriptReader, ScriptWriter } from '../Script.ts'

const limits = [20 * fragmentBytes, 0, 1, fragmentBytes, 5_000, 1 << 20]
const sendQueueBytesMax = 1 << 17
/** How long a silent peer may take to be given up, and what it was waited for too. */
const restMs = 60_000

const Step = {
  honest: 0,
  data: 1,
  ack: 2,
  bytes: 3,
  send: 4,
  wait: 5,
  order: 6,
  restart: 7,
} as const
const steps = Object.keys(Step).length

/** A link that counts what goes in and out. */
class FuzzedLink extends LinkBench {
  readonly limit: number
  bytesIn = 0
  datagramsIn = 0
  bytesOut = 0
  datagramsOut = 0
  delivered = 0
  queued = 0
  losses = 0
  lastCause = ''

  constructor(isOrdered: boolean, limit: number) {
    super({ isOrdered, messageBytesMax: limit, sendQueueBytesMax })
    this.limit = limit
  }

  override send(datagram: Uint8Array): void {
    assert.ok(datagram.length <= fragmentBytes + 12)
    this.bytesOut += datagram.length
    this.datagramsOut++
  }

  override message(bytes: Uint8Array): void {
    assert.ok(bytes.length <= this.limit, 'a message above the limit')
    this.delivered += bytes.length
    assert.ok(this.delivered <= this.bytesIn, 'more than has come')
  }

  override lost(cause: string): void {
    this.losses++
    this.lastCause = cause
  }

  take(bytes: Uint8Array, nowMs: number, hasRoom: boolean): void {
    this.bytesIn += bytes.length
    this.datagramsIn++
    const datagram = readReliable(bytes)
    if (datagram !== undefined) feedReliable(this.link, datagram, nowMs, this, hasRoom)
    this.check()
  }

  check(): void {
    const { receiver, formerSessions } = this.link
    assert.ok(formerSessions.length <= 16)
    if (this.queued === 0) {
      assert.ok(this.bytesOut <= this.bytesIn, 'answers with more bytes')
      assert.ok(this.datagramsOut <= this.datagramsIn, 'answers with more datagrams')
    }
    if (receiver === undefined) return
    assert.ok(receiver.storedBytes <= 2 * Math.max(this.limit, fragmentBytes), 'stored bytes')
    assert.ok(receiver.arrived.size < 1_024)
    assert.ok(receiver.messages.size <= 1_024)
    assert.ok(receiver.unacknowledged.size <= this.datagramsIn)
  }
}

/** What the peer has got to, as far as the script goes. */
interface Peer {
  session: number
  sequence: number
  index: number
  nowMs: number
}

function runStep(link: FuzzedLink, peer: Peer, script: ScriptReader): void {
  const code = script.u8()
  const hasRoom = (code & 0xf0) !== 0xf0
  switch (code % steps) {
    case Step.honest: {
      // u8: bit 0: the last of its message; the next datagram, as an honest peer sends it.
      const flags = script.u8()
      const isLast = (flags & 1) !== 0
      const size = isLast ? flags : fragmentBytes
      const payload = new Uint8Array(size)
      const { session, sequence, index } = peer
      link.take(createData(session, sequence, index, true, isLast, payload), peer.nowMs, hasRoom)
      peer.sequence = (sequence + 1) & 0xffff
      peer.index = isLast ? 0 : (index + 1) & 0x1fff
      return
    }
    case Step.data: {
      // u8 flags, u8 session, u16 how far on, u16 index, u16 size
      const flags = script.u8()
      const session = sessionOf(link, peer, script.u8())
      const base = link.link.receiver?.base ?? 0
      const sequence = (base + script.u16()) & 0xffff
      const index = script.u16() & 0x1fff
      const wanted = script.u16()
      const size = (flags & 4) !== 0 ? fragmentBytes : wanted % (fragmentBytes + 2)
      const payload = new Uint8Array(size)
      const isOpening = (flags & 1) !== 0
      const isLast = (flags & 2) !== 0
      const own = (flags & 8) !== 0 ? sequence & 3 : index
      link.take(createData(session, sequence, own, isOpening, isLast, payload), peer.nowMs, hasRoom)
      return
    }
    case Step.ack: {
      // u8 session, u16 sequence, u16 bits
      const session = sessionOf(link, peer, script.u8())
      link.take(createAck(session, script.u16(), script.u16() & 0x7fff), peer.nowMs, hasRoom)
      return
    }
    case Step.bytes:
      link.take(script.block(), peer.nowMs, hasRoom)
      return
    case Step.send:
      if (sendReliable(link.link, new Uint8Array(script.u16())) === 'taken') link.queued++
      return
    case Step.wait:
      // u16 milliseconds, mostly in small steps
      runFor(link, peer, script.u16() >> (code & 0x20 ? 0 : 8))
      return
    case Step.order:
      setReliableOrder(link.link, (script.u8() & 1) !== 0, link)
      return
    default:
      peer.session = script.u32()
      peer.sequence = 0
      peer.index = 0
  }
}

/** The peer's, one of ours, or another. */
function sessionOf({ link }: FuzzedLink, peer: Peer, which: number): number {
  if (which < 160) return peer.session
  return which < 240 ? link.sender.session : which
}

/** Time passes, in which the link runs when it wants to. */
function runFor(link: FuzzedLink, peer: Peer, ms: number): void {
  const endMs = peer.nowMs + ms
  for (let runs = 0; nextRunMs(link.link) <= endMs; runs++) {
    assert.ok(runs < 10_000, 'asks for runs without end')
    peer.nowMs = Math.max(peer.nowMs, nextRunMs(link.link))
    link.run(peer.nowMs)
    link.check()
  }
  peer.nowMs = endMs
}

function runReliable(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const first = script.u8()
  const link = new FuzzedLink((first & 1) !== 0, limits[(first >> 1) % limits.length]!)
  const peer: Peer = { session: 7, sequence: 0, index: 0, nowMs: 0 }
  while (!script.isDone) runStep(link, peer, script)
  const { lastCause } = link
  runFor(link, peer, restMs)
  assert.ok(isIdle(link.link), 'is not idle')
  assert.is(nextRunMs(link.link), Infinity)
  if (lastCause !== '') return lastCause
  if (link.losses > 0) return 'timedOut'
  return link.delivered > 0 ? 'delivered' : 'nothing'
}

function drawReliable(draw: Draw): Uint8Array {
  const script = new ScriptWriter().u8(draw.isLucky(0.5) ? draw.below(2) : draw.byte())
  if (draw.isLucky(0.02)) return drawSessions(draw, script)
  const steps = draw.one([honestSteps, anySteps])
  for (let left = draw.below(40); left > 0; left--) steps(draw, script)
  return script.bytes
}

/** One session after the other, and late datagrams of former ones. */
function drawSessions(draw: Draw, script: ScriptWriter): Uint8Array {
  for (let session = 0; session < 24; session++) {
    script
      .u8(Step.restart)
      .u32(session)
      .u8(Step.honest, 1 + 2 * draw.below(9))
    if (draw.isLucky(0.5))
      script
        .u8(Step.restart)
        .u32(draw.below(session + 1))
        .u8(Step.honest, 1)
  }
  return script.bytes
}

/** Numbers whose remainder is a step. */
function codeOf(draw: Draw, step: number): number {
  return step + steps * draw.below(256 / steps)
}

/** What a peer does that keeps to the protocol, and the network with what it sends. */
function honestSteps(draw: Draw, script: ScriptWriter): void {
  const share = draw.below(100)
  if (share < 70) script.u8(codeOf(draw, Step.honest), draw.byte() | (draw.isLucky(0.8) ? 1 : 0))
  else if (share < 75)
    script.u8(codeOf(draw, Step.send)).u16(draw.isLucky(0.1) ? 65_535 : draw.size(4_095))
  else if (share < 85) script.u8(codeOf(draw, Step.ack), 200).u16(draw.below(10)).u16(0x7fff)
  else script.u8(Step.wait).u16(draw.below(65_536))
}

function anySteps(draw: Draw, script: ScriptWriter): void {
  const share = draw.below(100)
  if (share < 45) script.u8(codeOf(draw, Step.honest), draw.byte() | (draw.isLucky(0.6) ? 1 : 0))
  else if (share < 65) drawData(draw, script)
  else if (share < 72)
    script.u8(codeOf(draw, Step.ack), draw.byte()).u16(draw.size(65_535)).u16(draw.below(32_768))
  else if (share < 74) script.u8(codeOf(draw, Step.bytes)).block(draw.bytes(draw.size(40)))
  else if (share < 82) script.u8(codeOf(draw, Step.send)).u16(draw.size(4_095))
  else if (share < 95) script.u8(codeOf(draw, Step.wait)).u16(draw.below(65_536))
  else if (share < 97) script.u8(codeOf(draw, Step.order), draw.byte())
  else script.u8(codeOf(draw, Step.restart)).u32(draw.word())
}

function drawData(draw: Draw, script: ScriptWriter): void {
  const isFar = draw.isLucky(0.1)
  const onward = isFar ? draw.below(65_536) : draw.below(draw.one([3, 20, 1_100]))
  script.u8(codeOf(draw, Step.data), draw.below(16), draw.isLucky(0.9) ? 0 : draw.byte())
  script.u16(onward).u16(draw.isLucky(0.5) ? 0 : draw.size(8_191))
  script.u16(draw.isLucky(0.3) ? draw.one([0, 1, 1_187, 1_188, 1_189]) : draw.size(1_188))
}

export const reliable: Target = {
  name: 'reliable',
  draw: drawReliable,
  run: runReliable,
  outcomes: ['delivered', 'nothing', 'malformed', 'tooLarge', 'timedOut'],
}
