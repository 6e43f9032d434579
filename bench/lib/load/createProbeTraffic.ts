// Clients that take the time of their messages, beside others that flood the server.
import { EchoClient } from './EchoClient.ts'
import { FloodClient } from './FloodClient.ts'
import { openAll } from './openAll.ts'
import { type Traffic, type TrafficCount, type TrafficTarget } from './Traffic.ts'

const payloadBytes = 32
/** Longer than two ticks, so that a message may meet a tick anywhere. */
const pauseMsMax = 35

/** Each probe sends one message, takes the time of its reply, pauses, and goes on. */
export function createProbeTraffic(
  { port, wireOf, fail }: TrafficTarget,
  probeCount: number,
  flooderCount: number,
  inFlight: number,
): Traffic {
  const wire = wireOf(payloadBytes)
  const probes: EchoClient[] = []
  const flooders: FloodClient[] = []
  let latencies: number[] = []
  let isProbing = false

  function probe(client: EchoClient): void {
    if (!isProbing) return
    const sentMs = performance.now()
    client.run(1, () => {
      latencies.push(performance.now() - sentMs)
      setTimeout(() => probe(client), Math.random() * pauseMsMax)
    })
  }

  function tally(): TrafficCount {
    const messages = [...probes, ...flooders].reduce((sum, { received }) => sum + received, 0)
    return { messages, reads: 0 }
  }

  function stopFlood(): void {
    for (const client of flooders) client.stop()
  }

  return {
    async open() {
      await openAll(probeCount, (client, onOpen) => {
        const options = { port, client, inFlight: 1, payloadBytes, onOpen, onFailed: fail }
        probes.push(new EchoClient(wire, options))
      })
      await openAll(flooderCount, (client, onOpen) => {
        flooders.push(new FloodClient(wire, { port, client, inFlight, onOpen, onFailed: fail }))
      })
    },
    start() {
      isProbing = true
      for (const client of probes) probe(client)
      for (const client of flooders) client.start()
    },
    count: tally,
    takeLatencies() {
      const taken = latencies
      latencies = []
      return taken
    },
    // Under a flood a server might never come to answer its parent.
    finish: stopFlood,
    stop() {
      isProbing = false
      stopFlood()
    },
    get isDrained() {
      return [...probes, ...flooders].every((client) => client.isDrained)
    },
    totals: () => ({ messages: tally().messages, sum: 0, ended: 0 }),
  }
}
