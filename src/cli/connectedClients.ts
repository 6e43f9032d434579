import { type EntityId, query, type World } from 'bitecs'
import { AcceptedBy, Connected, destroySocket, MessageType, Socket } from '../index.ts'
import { type Client, type Clients } from './Clients.ts'
import { type LineFormat } from './Command.ts'
import { sendBytes } from './sendBytes.ts'

/** The clients that are connected to a server. Their ids are their entities. */
export function connectedClients(world: World, server: EntityId, format: LineFormat): Clients {
  const list = (): readonly Client[] => {
    const { ip, port } = Socket(world)
    return [...query(world, [Socket, Connected, AcceptedBy(server)])].map((entity) => ({
      id: String(entity),
      ip: ip[entity]!,
      port: port[entity]!,
    }))
  }
  return {
    list,
    find: (id) => list().find((client) => client.id === id),
    send: (clients, bytes) =>
      sendBytes(
        world,
        clients.map(({ id }) => Number(id)),
        bytes,
        format,
      ),
    kick: ({ id }) => destroySocket(world, Number(id)),
    heard() {},
    echo: ({ id, message_type }, bytes) =>
      sendBytes(world, id, bytes, { ...format, text: message_type === MessageType.text }),
  }
}
