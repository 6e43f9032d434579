// Clients with a fixed number of messages in flight.
import { EchoClient } from './EchoClient.ts'
import { openAll } from './openAll.ts'
import { type Traffic, type TrafficCount, type TrafficTarget } from './Traffic.ts'

const payloadBytes = 32
const stallMs = 5000

/** Each client sends `inFlight` messages in one write and awaits them all before it sends the next. */
export function createEchoTraffic(
  { port, wireOf, fail }: TrafficTarget,
  count: number,
  inFlight: number,
): Traffic {
  const wire = wireOf(payloadBytes)
  const clients: EchoClient[] = []
  let guard: NodeJS.Timeout | undefined

  /** Fails when one of the clients gets no reply for a long time. */
  function watchForStall(): NodeJS.Timeout {
    let last: readonly number[] = []
    return setInterval(() => {
      const now = clients.map(({ received }) => received)
      const stalled = now.findIndex((received, index) => received === last[index])
      if (stalled >= 0) fail(`client ${stalled} got no reply for ${stallMs} ms`)
      last = now
    }, stallMs)
  }

  function tally(): TrafficCount {
    let messages = 0
    let reads = 0
    for (const client of clients) {
      messages += client.received
      reads += client.reads
    }
    return { messages, reads }
  }

  return {
    open: () =>
      openAll(count, (client, onOpen) => {
        clients.push(
          new EchoClient(wire, { port, client, inFlight, payloadBytes, onOpen, onFailed: fail }),
        )
      }),
    start() {
      for (const client of clients) client.start()
      guard = watchForStall()
    },
    count: tally,
    takeLatencies: () => [],
    stop() {
      for (const client of clients) client.stop()
      clearInterval(guard)
    },
    get isDrained() {
      return clients.every((client) => client.isDrained)
    },
    totals: () => ({ messages: tally().messages, sum: 0, ended: 0 }),
  }
}
