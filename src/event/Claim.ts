import { payloadSizeAt, payloadStart } from '#messageRun'
import { MessageType } from '../constants/MessageType.ts'
import { type DataArrival } from './Arrival.ts'
import { cutOff } from './EventQueue.ts'
import { type EventSocket } from './EventSocket.ts'
import { type Receiver } from './Subscription.ts'

/**
 * A layer above the engine takes its own kind of packets from a socket, or from the accepted sockets of a server: their events
 * are not in `NetworkEvent`, and no handler runs for them. It gets each in its place among the events of the tick, and what it
 * throws is treated as a handler's error. Observers of traffic and recordings see them as all others.
 *
 * Returns an arrival in parts, in order; those that are claimed have `claims`.
 */
export type Claim = <S extends EventSocket>(arrival: DataArrival<S>) => DataArrival<S>[]

/**
 * A claim to all binary messages that begin with a tag. Only what claims uses it, so the bundle of a game without has none of it.
 *
 * @param tag the first four bytes as a little-endian number
 * @param mask the bits of them that count
 */
export function createClaim(tag: number, mask: number, receiver: Receiver): Claim {
  const claims = [receiver]
  return (rest) => {
    const { kind, memory, end, messageType } = rest
    const parts: (typeof rest)[] = []
    for (let part; part !== rest; parts.push(part)) {
      let isClaimed: boolean | undefined
      let count = 0
      for (let { at } = rest; count < rest.count; count++) {
        const start = payloadStart(kind, memory.bytes, at)
        const size = kind === 'raw' ? end - start : payloadSizeAt(kind, memory, at)
        const hasTag =
          size >= 4 &&
          messageType !== MessageType.text &&
          (memory.view.getUint32(start, true) & mask) === (tag & mask)
        isClaimed ??= hasTag
        if (hasTag !== isClaimed) break
        at = start + size
      }
      part = count < rest.count ? cutOff(rest, count) : rest
      if (isClaimed === true) part.claims = claims
    }
    return parts
  }
}
