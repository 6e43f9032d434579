import { warn } from '../config/Warner.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { collect } from '../errors/collect.ts'
import { type Arrival } from '../event/Arrival.ts'
import { type EventSource } from '../event/AsyncLoad.ts'
import { setPeer } from '../errors/peerOf.ts'
import { type EventfulSocket, type Network } from './Network.ts'

/**
 * Takes what a handler has thrown. A `BadMessageError` is the sender's fault, and the setting `badMessages` says what
 * happens; everything else is added to `errors`, with the peer that the event was about.
 */
export function takeHandlerError(
  network: Network,
  { socket, source }: Arrival<EventfulSocket>,
  error: unknown,
  errors: unknown[],
): void {
  // Handlers of the gml face run in one handler of this one.
  const all: unknown[] = error instanceof AggregateError ? error.errors : [error]
  if (network.config.badMessages === 'throw' || !all.some(isBadMessage)) {
    all.forEach((each) => setPeer(each, source))
    errors.push(error)
    return
  }
  for (const each of all) {
    if (isBadMessage(each)) blameSender(network, socket, source, each, errors)
    else {
      setPeer(each, source)
      errors.push(each)
    }
  }
}

/** By its name, since a handler may use another copy of the library. */
function isBadMessage(error: unknown): error is Error {
  return error instanceof Error && error.name === 'BadMessageError'
}

function blameSender(
  { config, warner }: Network,
  socket: EventfulSocket,
  { ip, port, entity }: EventSource,
  error: Error,
  errors: unknown[],
): void {
  socket.counters.add('badMessages', 1)
  const message = `a message from ${ip}:${port} (socket ${entity}) could not be read: ${error.message}${placeOf(error)}`
  warn(warner, 'badMessage', message)
  if (config.badMessages === 'disconnect' && socket.kind === 'connection')
    collect(errors, () => socket.end(DisconnectReason.malformed))
}

/** Where in the handler an error was thrown: the first place outside the folder of the library, which threw it. */
function placeOf({ stack = '' }: Error): string {
  const places = [
    ...stack.matchAll(/^.*?((?:file:\/\/|https?:\/\/|\/|[a-z]:\\)[^\s()]+:\d+:\d+)\)?$/gim),
  ].map(([, place = '']) => place)
  const folder = /^.*\/(?:src|dist)\/|^.*[/\\]/.exec(places[0] ?? '')?.[0] ?? ''
  const place = places.find((each) => !each.startsWith(folder)) ?? places[1]
  return place === undefined ? '' : `, at ${place}`
}
