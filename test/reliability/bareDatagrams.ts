// The floor of a flood of datagrams: a socket of node:dgram that takes as many of each sender in a tick, and nothing else.

import { createSocket, type RemoteInfo } from 'node:dgram'
import { floodMark, reportWhenAsked } from './floodServer.ts'

const headerBytes = 12

/** Serves until its input ends, as the server does that it is compared with. */
export async function serveBare(perSender: number, hz: number): Promise<void> {
  const socket = createSocket('udp6')
  await new Promise<void>((resolve) => {
    socket.bind(0, resolve)
  })
  const ask = reportWhenAsked({ tcp: 0, ws: 0, udp: socket.address().port })
  let dropped = 0
  const counts = new Map<string, number>()
  let queue: [Buffer, RemoteInfo][] = []
  socket.on('message', (bytes, from) => {
    const sender = `${from.address} ${from.port}`
    const count = counts.get(sender) ?? 0
    if (count >= perSender) dropped++
    else {
      counts.set(sender, count + 1)
      queue.push([bytes, from])
    }
  })
  setInterval(() => {
    const { flood } = ask.report
    ask.report.dropped = dropped
    ask.tick()
    const taken = queue
    queue = []
    counts.clear()
    let ofTick = 0
    for (const [bytes, { port, address }] of taken)
      if (bytes[headerBytes] === floodMark) ofTick++
      else socket.send(bytes, port, address)
    flood.count += ofTick
    flood.perTickMax = Math.max(flood.perTickMax, ofTick)
  }, 1_000 / hz)
}
