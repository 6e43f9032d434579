// Warnings of calls whose result is a number that is easily overlooked.

import { NetworkError, networkErrorName } from '../constants/NetworkError.ts'
import { failureOf, wrongType } from '../errors/argumentErrors.ts'
import { minuteMs, warn, type Warner } from './Warner.ts'

/** A connection, as far as these warnings go. */
interface Warned {
  readonly host: { readonly warner: Warner }
  readonly entity: number
  readonly phase: 'idle' | 'connecting' | 'open' | 'closed'
  readonly connectError: NetworkError | 0
  hasWarnedOfMixedModes: boolean
}

/** Something was sent that could not be: warns if the socket never was connected. */
export function warnOfEarlySend(
  where: string,
  { host, entity, phase, connectError }: Warned,
): void {
  const error = networkErrorName(connectError)
  if (phase === 'open' || (phase === 'closed' && error === undefined)) return
  const cause =
    error === undefined
      ? 'is not connected yet; await connectSocket first'
      : `could not connect (NetworkError.${error}); look at the result of connectSocket`
  warn(host.warner, 'earlySend', `${where}: nothing was sent, socket ${entity} ${cause}`, minuteMs)
}

/** A packet was sent over a raw connection, or the reverse. */
export function warnOfMixedModes(socket: Warned, isPacket: boolean): void {
  if (socket.hasWarnedOfMixedModes) return
  socket.hasWarnedOfMixedModes = true
  const message = isPacket
    ? 'sendPacket on a raw connection: the peer sees 12 header bytes; use sendRaw'
    : 'sendRaw on a packet connection: the peer expects packets; use sendPacket'
  warn(socket.host.warner, 'mixedModes', message, minuteMs)
}

/** A UDP socket, as far as these warnings go. */
interface WarnedOfPeer {
  readonly host: { readonly warner: Warner }
  readonly entity: number
  readonly isServer: boolean
}

/** A UDP socket has no peer: it was not connected, or its peer could not be found; or it is a server, which cannot have one. */
export function refusePeer(where: string, { host, entity, isServer }: WarnedOfPeer): NetworkError {
  if (isServer) return refuseTarget(where, host.warner, entity, 'datagram', 'connection')
  const fault = 'a UDP socket without a peer: use sendUdp, or connectSocket first'
  warnOfTarget(where, host.warner, `socket ${entity}`, fault)
  return NetworkError.notConnected
}

type Kind = 'connection' | 'datagram' | 'listener'

/**
 * A function got an entity that it cannot work on. A socket that is gone is no mistake, since a peer may leave at any time.
 *
 * @param kind of the entity's socket, if it has one
 * @returns `unknownSocket`, or `wrongRole` for a socket of another kind
 * @throws TypeError for what is not a number
 */
export function refuseTarget(
  where: string,
  warner: Warner,
  entity: number,
  kind: Kind | undefined,
  needed: Kind,
): NetworkError {
  if (typeof entity !== 'number') throw wrongType(where, 'socket', 'an entity', entity)
  if (kind !== undefined) {
    warnOfTarget(where, warner, `socket ${entity}`, faultOf(kind, needed))
    return NetworkError.wrongRole
  }
  const failure = failureOf(entity)
  if (failure !== undefined) warnOfTarget(where, warner, entity, failure)
  return NetworkError.unknownSocket
}

function warnOfTarget(where: string, warner: Warner, target: string | number, fault: string): void {
  const message = `${where}: nothing was done, ${target} is ${fault}`
  warn(warner, `target of ${where}`, message, minuteMs)
}

function faultOf(kind: Kind, needed: Kind): string {
  if (needed === 'datagram') return 'not a UDP socket: use sendPacket or sendRaw'
  if (kind === 'datagram') return 'a UDP socket, which has no connections: use sendUdp'
  return 'a server: its clients are query(world, [Socket, AcceptedBy(server)])'
}

/** A socket was given a port to bind that cannot choose one, such as a page's. */
export function refusePort(where: string, warner: Warner): NetworkError {
  const advice = "it cannot choose its own port; the server's goes to connectSocket"
  warn(warner, 'unsupported', `${where}: ${advice}`)
  return NetworkError.unsupported
}
