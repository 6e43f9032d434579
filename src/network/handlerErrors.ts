import { type NetworkConfig } from '../config/NetworkConfig.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { collect, errorsOf } from '../errors/collect.ts'
import { isBadMessage } from '../errors/isBadMessage.ts'
import { withPeer, withPeers } from '../errors/peerOf.ts'
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
  const { config } = network
  if (!isReported(config, error)) {
    errors.push(withPeers(error, source))
    return
  }
  // Handlers of the gml face run in one handler of this one.
  for (const each of errorsOf(error))
    if (!isBadMessage(each)) errors.push(withPeer(each, source))
    else {
      report(network, arrival, each)
      if (config.badMessages === 'disconnect' && socket.kind === 'connection')
        collect(errors, () => socket.end(DisconnectReason.malformed))
    }
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
  if (!isReported(network.config, error)) errors.push(error)
  else
    for (const each of errorsOf(error))
      if (isBadMessage(each)) report(network, shown, each)
      else errors.push(each)
}

/** Whether an error, or one of several, is of a message that cannot be read, and the tick does not throw it. */
function isReported({ badMessages }: NetworkConfig, error: unknown): boolean {
  return badMessages !== 'throw' && errorsOf(error).some(isBadMessage)
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
