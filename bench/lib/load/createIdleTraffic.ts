// Clients that say nothing but the answers to pings.
import { pongFrame } from '../webSocketWire.ts'
import { Link } from './Link.ts'
import { openAll } from './openAll.ts'
import { type Traffic, type TrafficTarget } from './Traffic.ts'

/** After the first figures of the server were taken. */
const leaveAfterMs = 100
/** A ping without content, the only thing that a server may say. */
const ping = Buffer.from([0x89, 0])

/** With `leaves` all connections close at once while it is measured. */
export function createIdleTraffic(
  { port, wireOf, fail }: TrafficTarget,
  count: number,
  leaves: boolean,
): Traffic {
  const wire = wireOf(0)
  const links: Link[] = []
  let pings = 0

  function answerPings(link: Link, chunk: Buffer, start: number, end: number): void {
    for (let at = start; at < end; at += ping.length) {
      if (ping.compare(chunk, at, Math.min(end, at + ping.length)) !== 0)
        throw new Error(`expected a ping, got ${chunk.toString('hex', at, end)}`)
      pings++
      link.socket.write(pongFrame)
    }
  }

  return {
    open: () =>
      openAll(count, (client, onOpen) => {
        const link = new Link(wire, {
          port,
          onOpen,
          onBytes: (chunk, start, end) => answerPings(link, chunk, start, end),
          onFailed: (reason) => fail(`client ${client}: ${reason}`),
        })
        links.push(link)
      }),
    start() {},
    begin() {
      if (!leaves) return
      setTimeout(() => {
        for (const link of links) link.close()
      }, leaveAfterMs)
    },
    count: () => ({ messages: pings, reads: 0 }),
    takeLatencies: () => [],
    stop() {},
    isDrained: true,
    totals: () => ({ messages: 0, sum: 0, ended: leaves ? count : 0 }),
  }
}
