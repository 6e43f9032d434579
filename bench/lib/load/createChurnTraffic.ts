// Clients that connect, finish the handshake, and leave, over and over.
import { Link } from './Link.ts'
import { type Traffic, type TrafficTarget } from './Traffic.ts'

/** Linux lets clients come from many addresses, so that no ports run out while closed connections linger. */
const addresses = process.platform === 'linux' ? 200 : 1

/** So many clients side by side. */
export function createChurnTraffic(
  { port, wireOf, fail }: TrafficTarget,
  clients: number,
): Traffic {
  const wire = wireOf(0)
  let made = 0
  let ended = 0
  let isRunning = false

  /** Leaves as its protocol has it, and counts when the server has closed its end too. */
  function visit(): void {
    let hasLeft = false
    const link = new Link(wire, {
      port,
      localAddress: `127.0.0.${(made++ % addresses) + 1}`,
      onOpen() {
        hasLeft = true
        if (wire.farewell === undefined) link.socket.end()
        else link.socket.write(wire.farewell.say)
      },
      onBytes(chunk, start, end) {
        const awaited = wire.farewell?.await
        if (awaited?.compare(chunk, start, end) !== 0)
          throw new Error(`expected a close frame, got ${chunk.toString('hex', start, end)}`)
      },
      onFailed: fail,
      onClosed() {
        if (!hasLeft) fail('the server closed too early')
        ended++
        if (isRunning) visit()
      },
    })
  }

  return {
    async open() {},
    start() {
      isRunning = true
      for (let client = 0; client < clients; client++) visit()
    },
    count: () => ({ messages: ended, reads: 0 }),
    takeLatencies: () => [],
    stop() {
      isRunning = false
    },
    get isDrained() {
      return ended === made
    },
    totals: () => ({ messages: 0, sum: 0, ended }),
  }
}
