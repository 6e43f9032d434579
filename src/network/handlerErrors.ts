import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { collect, errorsOf } from '../errors/collect.ts'
import { isBadMessage } from '../errors/isBadMessage.ts'
import { withPeers } from '../errors/peerOf.ts'
import { placeOf } from '../errors/placeOf.ts'
import { type Arrival } from '../event/Arrival.ts'
import { warn } from '../warnings/Warner.ts'
import { type EventfulSocket, type Network } from './Network.ts'

/**
 * Takes what a handler has thrown. A `BadMessageError` is the sender's fault, and the setting `badMessages` says what
 * happens; everything else is added to `errors`, with the peer that the event was about.
 */
export function takeHandlerError(
  network: Network,
  arrival: Arrival<EventfulSocket>,
  error: unknown,
  errors: unknown[],
): void {
  const { socket, source } = arrival
  const others: unknown[] = []
  const isReported = takeObserverError(network, arrival, error, others)
  for (const each of others) errors.push(withPeers(each, source))
  if (isReported && network.config.badMessages === 'disconnect' && socket.kind === 'connection')
    collect(errors, () => socket.end(DisconnectReason.malformed))
}

/**
 * Takes what an observer has thrown, of traffic or of `NetworkEvent`. A `BadMessageError` is the sender's fault as in a
 * handler, but an observer changes nothing, so it closes no connection.
 *
 * @param shown what it was looking at, if that is known
 * @returns whether the error, or one of several, was of a message that cannot be read, and the tick does not throw it
 */
export function takeObserverError(
  network: Network,
  shown: Arrival<EventfulSocket> | undefined,
  error: unknown,
  errors: unknown[],
): boolean {
  // Handlers of the gml face run in one handler of this one.
  const all = errorsOf(error)
  const isReported = network.config.badMessages !== 'throw' && all.some(isBadMessage)
  for (const each of isReported ? all : [error])
    if (isReported && isBadMessage(each)) report(network, shown, each)
    else errors.push(each)
  return isReported
}

function report(
  { warner }: Network,
  arrival: Arrival<EventfulSocket> | undefined,
  error: Error,
): void {
  const { ip, port, entity } = arrival?.source ?? {}
  arrival?.socket.counters.add('badMessages', 1)
  const from = arrival && ` from ${ip}:${port} (socket ${entity})`
  const what = `a message${from ?? ''} could not be read${from ? '' : ' by an observer'}`
  warn(warner, 'badMessage', `${what}: ${error.message}${placeOf(error)}`)
}
