import { type SocketEvents } from './SocketEvents.ts'
import { type SubscriberCache } from './Subscriptions.ts'

/** What a socket has received, and a tick has not handled. */
export interface Inbox {
  /** What waits for a tick. */
  events: number
  bytes: number
  /** The tick that `taken` counts for. */
  tick: number
  /** Events that the tick has taken. */
  taken: number
  /** This tick's events, while the entity has the `NetworkEvent` component. */
  current: SocketEvents | undefined
  readonly subscribers: SubscriberCache
}

export function createInbox(): Inbox {
  return {
    events: 0,
    bytes: 0,
    tick: -1,
    taken: 0,
    current: undefined,
    subscribers: { list: [], version: -1 },
  }
}
