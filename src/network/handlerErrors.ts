import { warn } from '../config/Warner.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { BadMessageError } from '../errors/BadMessageError.ts'
import { collect } from '../errors/collect.ts'
import { isError } from '../errors/isError.ts'
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
  const all = errorsOf(error)
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

/** The errors of an `AggregateError`, or the one itself. */
function errorsOf(error: unknown): readonly unknown[] {
  const isSeveral = isError(error) && 'errors' in error && Array.isArray(error.errors)
  return isSeveral ? (error.errors as unknown[]) : [error]
}

/** By its name too, since a handler may use another copy of the library. */
function isBadMessage(error: unknown): error is Error {
  if (error instanceof BadMessageError) return true
  return isError(error) && error.name === 'BadMessageError'
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

/** Where in the handler an error was thrown: the first place outside the folder of the library, if there is one. */
function placeOf({ stack = '' }: Error): string {
  const [own = ''] = placesOf(new Error('here').stack)
  const folder = /^.*\/(?:src|dist)\/|^.*[/\\]/.exec(own)?.[0] ?? ''
  const places = placesOf(stack)
  const place = places.find((each) => !each.startsWith(folder)) ?? places[1]
  return place === undefined ? '' : `, at ${place}`
}

/** The files, lines and columns in a stack, from the innermost one on. */
function placesOf(stack: string = ''): readonly string[] {
  const line = /^.*?((?:file:\/\/|https?:\/\/|\/|[a-z]:\\)[^\s()]+:\d+:\d+)\)?$/gim
  return [...stack.matchAll(line)].map(([, place = '']) => place)
}
