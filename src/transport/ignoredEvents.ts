import { type ConnectionEvents } from './Transport.ts'

/** What a connection emits that was turned away. */
export const ignoredEvents: ConnectionEvents = {
  opened() {},
  failed() {},
  received() {},
  drained() {},
  alive() {},
  ended() {},
}
