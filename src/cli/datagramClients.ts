import type { EntityId, World } from 'bitecs'
import { type Client, type Clients } from './Clients.ts'
import { sendDatagram } from './sendBytes.ts'

/** Senders that are remembered. Of more, the one that was silent longest is forgotten. */
const sendersMax = 1_024

/** Those who have sent something to a UDP server. Their ids are their addresses. */
export function datagramClients(world: World, server: EntityId, isRaw: boolean): Clients {
  const senders = new Map<string, Client>()
  const send = (client: { ip: string; port: number }, bytes: Uint8Array): number =>
    sendDatagram(world, server, client, bytes, isRaw)
  return {
    list: () => [...senders.values()],
    find: (id) => senders.get(id),
    send: (clients, bytes) => clients.filter((client) => send(client, bytes) >= 0).length,
    kick: ({ id }) => senders.delete(id),
    heard({ ip, port }) {
      const id = showAddress(ip, port)
      senders.delete(id)
      senders.set(id, { id, ip, port })
      if (senders.size > sendersMax) senders.delete(senders.keys().next().value!)
    },
    echo: ({ ip, port }, bytes) => send({ ip, port }, bytes),
  }
}

function showAddress(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
