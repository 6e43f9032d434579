// A way to send and a way to receive, the same over connections and datagrams.

import type { EntityId } from 'bitecs'
import {
  type MessageType,
  type NetworkConfig,
  sendPacket,
  sendRaw,
  sendUdp,
  sendUdpRaw,
  Socket,
  type TransportCapabilities,
} from '../index.ts'
import { expect } from './expect.ts'
import { findFault, isThere } from './messages.ts'
import { eventsOf, type RecordedEvent, messagesOf, type Side, type Stage } from './Stage.ts'
import { isDatagrams, largestTried, type Subject } from './TransportSubject.ts'

/** With the 12-byte header of a packet, or without. */
export type Mode = 'packet' | 'raw'

/** One way from a world to another, over any kind of transport. */
export interface Lane {
  readonly name: 'to the server' | 'to the client'
  /** Sends a message as the mode does; the result of the function. */
  send(bytes: Uint8Array, type?: MessageType): number
  /** What has arrived, in order. */
  received(): Uint8Array[]
  events(): RecordedEvent[]
}

/** Both ways between a server and a client. */
export interface Lanes {
  readonly up: Lane
  readonly down: Lane
  readonly both: readonly [Lane, Lane]
  readonly host: Side
  readonly guest: Side
}

export interface LaneOptions {
  readonly host?: Partial<NetworkConfig>
  readonly guest?: Partial<NetworkConfig>
}

const headerBytes = 12

/** The modes in which messages are tried. Reliable UDP has one. */
export function modesOf({ reliable }: Subject): readonly Mode[] {
  return reliable === false ? ['packet', 'raw'] : ['packet']
}

/** What holds for the messages of a mode: packets have limits, whatever carries them. */
export function promisesOf({ capabilities }: Subject, mode: Mode): TransportCapabilities {
  return mode === 'packet' ? { ...capabilities, boundaries: 'message' } : capabilities
}

/** The largest message of a mode that is tried, in bytes. */
export function sizeLimitOf({ capabilities, reliable }: Subject, mode: Mode): number {
  const overhead = mode === 'packet' && reliable === false ? headerBytes : 0
  return Math.min(capabilities.messageBytesMax - overhead, largestTried)
}

/** What a send function answers for a message that it took. */
function takenResult(subject: Subject, mode: Mode, size: number): number {
  const hasHeader = isDatagrams(subject.transport) || subject.capabilities.boundaries === 'stream'
  return mode === 'packet' && hasHeader ? size + headerBytes : size
}

/** A server and a client that can send to each other. */
export async function openLanes(
  stage: Stage,
  mode: Mode,
  options: LaneOptions = {},
): Promise<Lanes> {
  const lanes = isDatagrams(stage.subject.transport)
    ? await openDatagramLanes(stage, mode, options)
    : await openConnectedLanes(stage, mode, options)
  return { ...lanes, both: [lanes.up, lanes.down] }
}

async function openConnectedLanes(
  stage: Stage,
  mode: Mode,
  options: LaneOptions,
): Promise<Omit<Lanes, 'both'>> {
  const { host, guest, accepted } = await stage.link({ raw: mode === 'raw', ...options })
  const send = (side: Side, entity: EntityId, bytes: Uint8Array, type?: MessageType): number =>
    mode === 'packet'
      ? sendPacket(side.world, entity, bytes)
      : sendRaw(side.world, entity, bytes, { type })
  return {
    host,
    guest,
    up: laneTo(host, 'to the server', (...message) => send(guest, guest.entity, ...message)),
    down: laneTo(guest, 'to the client', (...message) => send(host, accepted, ...message)),
  }
}

async function openDatagramLanes(
  stage: Stage,
  mode: Mode,
  options: LaneOptions,
): Promise<Omit<Lanes, 'both'>> {
  const host = await stage.server({}, options.host)
  const guest = stage.client(options.guest)
  const to = stage.subject.host
  const send = mode === 'packet' ? sendUdp : sendUdpRaw
  const { world, entity } = guest
  const guestPort = Socket(world).localPort[entity]!
  return {
    host,
    guest,
    up: laneTo(host, 'to the server', (bytes) => send(world, entity, to, host.port, bytes)),
    down: laneTo(guest, 'to the client', (bytes) =>
      send(host.world, host.entity, to, guestPort, bytes),
    ),
  }
}

function laneTo(side: Side, name: Lane['name'], send: Lane['send']): Lane {
  return { name, send, received: () => messagesOf(side), events: () => eventsOf(side, 3) }
}

/** Sends messages; each must be taken. */
export function sendAll(
  { subject }: Stage,
  mode: Mode,
  lane: Lane,
  messages: readonly Uint8Array[],
): void {
  for (const bytes of messages) {
    const result = lane.send(bytes)
    const wanted = takenResult(subject, mode, bytes.length)
    expect(
      result === wanted,
      `sending ${bytes.length} bytes ${lane.name} gives ${wanted}, not ${result}`,
    )
  }
}

/** Waits for messages and compares them with what was sent. Nothing else may have arrived on the lane. */
export async function expectArrived(
  stage: Stage,
  mode: Mode,
  lane: Lane,
  sent: readonly Uint8Array[],
): Promise<void> {
  const promises = promisesOf(stage.subject, mode)
  let fault: string | undefined
  try {
    await stage.until(() => isThere(sent, lane.received(), promises), 'messages arrive')
  } catch (error) {
    fault = findFault(sent, lane.received(), promises)
    if (fault === undefined) throw error
  }
  // What comes twice comes now.
  await stage.settle()
  fault = findFault(sent, lane.received(), promises)
  expect(fault === undefined, `what was sent ${lane.name} is what arrives; ${fault}`)
}

/** Sends one message until it has arrived: once, or where messages may be lost, until one has come through. */
export async function deliver(
  stage: Stage,
  mode: Mode,
  lane: Lane,
  bytes: Uint8Array,
): Promise<void> {
  const before = lane.received().length
  const sent: Uint8Array[] = []
  const end = performance.now() + stage.subject.patienceMs
  while (lane.received().length === before) {
    expect(performance.now() <= end, `one of ${sent.length} messages ${lane.name} arrives`)
    sent.push(bytes)
    sendAll(stage, mode, lane, [bytes])
    for (let turns = 0; turns < 20 && lane.received().length === before; turns++)
      await stage.settle(1)
  }
  await stage.settle(2)
  const { boundaries } = promisesOf(stage.subject, mode)
  const fault = findFault(sent, lane.received().slice(before), {
    ordered: false,
    reliable: false,
    boundaries,
  })
  expect(fault === undefined, `what was sent ${lane.name} is what arrives; ${fault}`)
}
