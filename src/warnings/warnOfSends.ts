// Warnings of sends whose result is a number that is easily overlooked.

import { minuteMs, warn, type Warner } from './Warner.ts'

/** Something was sent through a socket that was never connected. */
export function warnOfEarlySend(warner: Warner, where: string, entity: number): void {
  const message = `${where}: nothing was sent, socket ${entity} is not connected yet; await connectSocket first`
  warn(warner, 'earlySend', message, minuteMs)
}

/** A connection that is to be warned of once. */
interface Warned {
  readonly host: { readonly warner: Warner }
  hasWarnedOfMixedModes: boolean
}

/** A packet was sent over a raw connection, or the reverse. */
export function warnOfMixedModes(socket: Warned, isPacket: boolean): void {
  if (socket.hasWarnedOfMixedModes) return
  socket.hasWarnedOfMixedModes = true
  const message = isPacket
    ? 'sendPacket on a raw connection: the peer sees 12 header bytes; use sendRaw'
    : 'sendRaw on a packet connection: the peer expects packets; use sendPacket'
  warn(socket.host.warner, 'mixedModes', message)
}
