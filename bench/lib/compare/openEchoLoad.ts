// Clients over TCP or WebSocket that send batches and check every byte of the replies.
import { EchoClient } from '../load/EchoClient.ts'
import { createTcpWire } from '../tcpWire.ts'
import { createWebSocketPacketWire } from '../webSocketPacketWire.ts'
import { createWebSocketWire } from '../webSocketWire.ts'
import { type Load, settled } from './Load.ts'
import { type LoadOptions } from './workloadList.ts'

const wires = {
  tcp: createTcpWire,
  ws: createWebSocketWire,
  'ws-packets': createWebSocketPacketWire,
}

/** Connects the clients one after the other. A unit is a batch of each. */
export async function openEchoLoad(
  port: number,
  options: Extract<LoadOptions, { kind: 'echo' }>,
): Promise<Load> {
  const { payloadBytes, inFlight } = options
  const wire = wires[options.wire](payloadBytes)
  const clients: EchoClient[] = []
  const failed = { now: (_reason: string): void => {} }
  const onFailed = (reason: string): void => failed.now(reason)
  for (let client = 0; client < options.clients; client++)
    await settled((onOpen, reject) => {
      failed.now = reject
      const to = { port, client, inFlight, payloadBytes, onOpen, onFailed }
      clients.push(new EchoClient(wire, to))
    })
  return {
    run: (units) =>
      settled((done, reject) => {
        failed.now = reject
        let busy = clients.length
        const onDone = (): void => {
          if (--busy === 0) done()
        }
        for (const client of clients) client.run(units, onDone)
      }),
    close() {
      for (const client of clients) client.close()
    },
  }
}
