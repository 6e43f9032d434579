import { type EntityId, hasComponent } from 'bitecs'
import {
  AcceptedBy,
  type AsyncLoad,
  type ConnectLoad,
  getBufferBytes,
  NetworkType,
} from 'bitecs-networking'
import { Failure, type Link, type Place } from './model.ts'

/** Checks an event against what is expected of its world, and notes it. */
export function checkEvent(place: Place, load: AsyncLoad, byPort: ReadonlyMap<number, Link>): void {
  if (!place.isTicking) throw new Failure('an event outside a tick')
  switch (load.type) {
    case NetworkType.connect:
      return checkConnect(place, load, byPort.get(load.port))
    case NetworkType.disconnect:
      return place.clients.has(load.socket)
        ? checkLoss(place, load.socket)
        : checkDisconnect(place, load.socket)
    case NetworkType.nonBlockingConnect:
      return checkResult(place, load.socket, load.succeeded)
    case NetworkType.data:
      return checkData(place, load.id, getBufferBytes(load.buffer).slice())
  }
}

function checkConnect(
  place: Place,
  { socket, id: server }: ConnectLoad,
  link: Link | undefined,
): void {
  if (link === undefined) throw new Failure('connect of an unknown connection')
  if (link.host !== place || link.hostGone) throw new Failure('connect after the end')
  if (link.madeInTick === place.ticks) throw new Failure('connect in the tick it was made in')
  if (++link.connects > 1) throw new Failure('a second connect')
  if (!link.isReal && link.raw) throw new Failure('raw bytes made a handshake')
  if (!place.servers.some(({ entity }) => entity === server)) throw new Failure('no such server')
  if (place.accepted.has(socket) || place.clients.has(socket) || place.plain.has(socket))
    throw new Failure('the id of a new socket is in use')
  if (!hasComponent(place.world, socket, AcceptedBy(server))) throw new Failure('not AcceptedBy')
  link.accepted = socket
  place.accepted.set(socket, link)
}

function checkDisconnect(place: Place, socket: EntityId): void {
  const link = place.accepted.get(socket)
  if (link === undefined) throw new Failure('disconnect of a socket that is gone')
  if (!link.guestGone && link.isReal) throw new Failure('disconnect, but the client is there')
  if (link.guestGoneInTick === place.ticks) throw new Failure('disconnect in the tick of the end')
  if (++link.disconnects > 1) throw new Failure('a second disconnect')
  place.accepted.delete(socket)
}

function checkLoss(place: Place, socket: EntityId): void {
  const link = place.clients.get(socket)
  if (link === undefined || link.guestGone) throw new Failure('loss of what was no connection')
  if (!link.tellsLoss) throw new Failure('clients are not told')
  if (!link.hostGone && link.isReal && link.connects === 1)
    throw new Failure('lost, but the server is there')
  if (link.hostGoneInTick === place.ticks) throw new Failure('loss in the tick of the end')
  if (++link.losses > 1) throw new Failure('a second loss')
}

function checkResult(place: Place, socket: EntityId, succeeded: number): void {
  const link = place.clients.get(socket)
  if (!place.clients.has(socket)) throw new Failure('result of a socket that is gone')
  if (link === undefined) {
    if (succeeded === 1) throw new Failure('connected to nobody')
    return
  }
  if (++link.results > 1) throw new Failure('a second result')
  if (link.down.arrived > 0 || link.losses > 0) throw new Failure('result after data')
}

function checkData(place: Place, socket: EntityId, bytes: Uint8Array): void {
  const ofClient = place.clients.get(socket)
  const link = ofClient ?? place.accepted.get(socket)
  if (link === undefined) throw new Failure('data for a socket that is gone')
  if (ofClient !== undefined && (link.guestGone || link.losses > 0))
    throw new Failure('data after the end')
  if (ofClient === undefined && (link.hostGone || link.disconnects > 0))
    throw new Failure('data after the end')
  if (!link.isReal) return
  const flow = ofClient === undefined ? link.up : link.down
  if (link.raw) {
    const all = Buffer.concat(flow.sent)
    const expected = all.subarray(flow.arrived, flow.arrived + bytes.length)
    if (!expected.equals(bytes)) throw new Failure('other bytes than were sent')
    flow.arrived += bytes.length
    checkBefore(place, messageAt(flow.sent, flow.arrived - 1))
    return
  }
  const expected = flow.sent[flow.arrived++]
  if (expected === undefined) throw new Failure('more messages than were sent')
  if (!Buffer.from(expected).equals(bytes)) throw new Failure('another message than was sent')
  checkBefore(place, expected)
}

/** What is sent while handlers run waits for the next tick. */
function checkBefore({ sentBefore }: Place, message: Uint8Array | undefined): void {
  if (message === undefined || Buffer.from(message).readUInt32LE(4) > sentBefore)
    throw new Failure('data in the tick that it was sent in')
}

/** The message that a byte of a stream belongs to. */
function messageAt(messages: readonly Uint8Array[], at: number): Uint8Array | undefined {
  let end = 0
  return messages.find((message) => (end += message.length) > at)
}
