// Clients that say nothing but the answers to pings.
import { pongFrame } from '../webSocketWire.ts'
import { Link } from './Link.ts'
import { openAll } from './openAll.ts'
import { type Traffic, type TrafficTarget } from './Traffic.ts'

/** After the first figures of the server were taken. */
const leaveAfterMs = 100
/** A ping without content, the only thing that a server may say. */
const ping = Buffer.from([0x89, 0])

/** What the clients do after all. */
export interface IdleOptions {
  readonly clients: number
  readonly leaves?: true
  readonly awaitsPings?: true
}

/** With `leaves` all connections close at once while it is measured. */
export function createIdleTraffic(
  { port, wireOf, fail }: TrafficTarget,
  { clients: count, leaves, awaitsPings }: IdleOptions,
): Traffic {
  const wire = wireOf(0)
  const links: Link[] = []
  /** To which no ping has come. */
  const silent = new Set<Link>()
  let pings = 0

  function answerPings(link: Link, chunk: Buffer, start: number, end: number): void {
    for (let at = start; at < end; at += ping.length) {
      if (ping.compare(chunk, at, Math.min(end, at + ping.length)) !== 0)
        throw new Error(`expected a ping, got ${chunk.toString('hex', at, end)}`)
      pings++
      silent.delete(link)
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
        silent.add(link)
      }),
    start() {},
    begin() {
      if (leaves === undefined) return
      setTimeout(() => {
        for (const link of links) link.close()
      }, leaveAfterMs)
    },
    count: () => ({ messages: pings, reads: 0 }),
    takeLatencies: () => [],
    stop() {},
    get isDrained() {
      return awaitsPings === undefined || silent.size === 0
    },
    totals: () => ({ messages: 0, sum: 0, ended: leaves === undefined ? 0 : count }),
  }
}
