import { type DataLoad } from '../index.ts'

/** One that a server talks with. */
export interface Client {
  /** What stands behind `@` and `/kick`. */
  readonly id: string
  readonly ip: string
  readonly port: number
}

/** Those that a server talks with: connected clients, or senders of datagrams. */
export interface Clients {
  list(): readonly Client[]
  find(id: string): Client | undefined
  /** Sends to some of the list. Returns how many took it. */
  send(clients: readonly Client[], bytes: Uint8Array): number
  /** Ends the connection, or forgets the sender. */
  kick(client: Client): void
  /** A message has come. */
  heard(asyncLoad: DataLoad): void
  /** Sends a message back to who has sent it. Returns a negative `NetworkError` if it could not. */
  echo(asyncLoad: DataLoad, bytes: Uint8Array): number
}
