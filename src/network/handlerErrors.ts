import { warn } from '../warnings/Warner.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { collect, errorsOf } from '../errors/collect.ts'
import { isBadMessage } from '../errors/isBadMessage.ts'
import { placeOf } from '../errors/placeOf.ts'
import { type Arrival } from '../event/Arrival.ts'
import { type EventSource } from '../event/AsyncLoad.ts'
import { withPeer } from '../errors/peerOf.ts'
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
  const { source } = arrival
  // Handlers of the gml face run in one handler of this one.
  const all = errorsOf(error)
  if (network.config.badMessages === 'throw' || !all.some(isBadMessage)) {
    const noted = all.map((each) => withPeer(each, source))
    const isSame = noted.every((each, index) => each === all[index])
    errors.push(isSame ? error : noted.length === 1 ? noted[0] : severalAs(error, noted))
    return
  }
  for (const each of all)
    if (isBadMessage(each)) blameSender(network, arrival, each, errors)
    else errors.push(withPeer(each, source))
}

/**
 * Takes what an observer has thrown, of traffic or of `NetworkEvent`. A `BadMessageError` is the sender's fault as in a
 * handler, but an observer changes nothing, so it closes no connection.
 *
 * @param shown what it was looking at, if that is known
 */
export function takeObserverError(
  network: Network,
  shown: Arrival<EventfulSocket> | undefined,
  error: unknown,
  errors: unknown[],
): void {
  const all = errorsOf(error)
  if (network.config.badMessages === 'throw' || !all.some(isBadMessage)) {
    errors.push(error)
    return
  }
  for (const each of all)
    if (!isBadMessage(each)) errors.push(each)
    else if (shown !== undefined) reportBadMessage(network, shown.socket, shown.source, each)
    else
      warn(
        network.warner,
        'badMessage',
        `a message could not be read by an observer: ${each.message}${placeOf(each)}`,
      )
}

/** An `AggregateError` with other errors in it. */
function severalAs(error: unknown, errors: readonly unknown[]): AggregateError {
  return new AggregateError(errors, (error as Error).message, { cause: error })
}

function blameSender(
  network: Network,
  { socket, source }: Arrival<EventfulSocket>,
  error: Error,
  errors: unknown[],
): void {
  reportBadMessage(network, socket, source, error)
  if (network.config.badMessages === 'disconnect' && socket.kind === 'connection')
    collect(errors, () => socket.end(DisconnectReason.malformed))
}

function reportBadMessage(
  { warner }: Network,
  { counters }: EventfulSocket,
  { ip, port, entity }: EventSource,
  error: Error,
): void {
  counters.add('badMessages', 1)
  const message = `a message from ${ip}:${port} (socket ${entity}) could not be read: ${error.message}${placeOf(error)}`
  warn(warner, 'badMessage', message)
}
