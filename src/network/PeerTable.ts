// Who a UDP socket knows, in bounded memory.

import { hasSent } from '../protocol/reliable/ReliableLink.ts'
import { DatagramPeer } from './DatagramPeer.ts'
import { type DatagramSocket } from './DatagramSocket.ts'

/** The peers of a UDP socket by address. */
export type PeerTable = Map<string, DatagramPeer>

/** A silent link on which we send nothing is kept for this long, so that its peer can go on with it. */
const keptMs = 15_000

/** How many peers are looked at for one that can be forgotten. */
const looksMax = 64

/**
 * The peer at an address. The table holds the most recently heard ones, so that false senders cannot fill the memory. One
 * that finds no place is made for this call only.
 */
export function findPeer(
  table: PeerTable,
  socket: DatagramSocket,
  ip: string,
  port: number,
): DatagramPeer {
  const { tick } = socket.network
  const key = `${ip} ${port}`
  let peer = table.get(key)
  if (peer === undefined) {
    peer = new DatagramPeer(socket, ip, port, tick)
    peer.isKept = makeRoom(table, socket)
  } else {
    if (peer.tick === tick) return peer
    peer.tick = tick
    peer.count = 0
    table.delete(key)
  }
  // Those heard last stand last.
  if (peer.isKept) table.set(key, peer)
  return peer
}

/** Whether there is room for one more peer, after one was forgotten if need be. */
function makeRoom(table: PeerTable, { network }: DatagramSocket): boolean {
  const { sendersMax, clock } = network.config
  if (table.size < sendersMax) return true
  const now = clock.now()
  let looks = 0
  for (const [key, { link }] of table) {
    if (link === undefined || (!hasSent(link) && now - link.lastHeardMs >= keptMs)) {
      table.delete(key)
      return true
    }
    if (++looks === looksMax) break
  }
  return false
}
