import { hasSent } from '../../protocol/reliable/ReliableLink.ts'
import { DatagramPeer } from './DatagramPeer.ts'
import { type PeerOwner } from './PeerOwner.ts'

/** The peers of a UDP socket by address, in bounded memory. */
export type PeerTable = Map<string, DatagramPeer>

/** A silent link on which we send nothing is kept for this long, so that its peer can go on with it. */
const keptMs = 15_000

/** How many peers are looked at for one that can be forgotten. */
const looksMax = 64

/**
 * The peer at an address. The table holds the most recently active ones, so that false senders cannot fill the memory. One
 * that finds no place is made for this call only.
 *
 * @param isHeard something has come from it; otherwise something is sent to it
 */
export function findPeer(
  table: PeerTable,
  owner: PeerOwner,
  ip: string,
  port: number,
  isHeard: boolean,
): DatagramPeer {
  const { tick } = owner.host.tickEvents
  const key = keyOf(ip, port)
  let peer = table.get(key)
  if (peer === undefined) {
    peer = new DatagramPeer(owner, ip, port, tick)
    // Of a peer that was forgotten it is not known who began.
    peer.isChosen = !isHeard && table.size < owner.host.config.sendersMax
    peer.isKept = makeRoom(table, owner)
  } else {
    if (peer.tick === tick) return peer
    peer.tick = tick
    peer.count = 0
    // A client has one peer.
    if (table.size > 1) table.delete(key)
  }
  // Those active last stand last.
  if (peer.isKept) table.set(key, peer)
  return peer
}

/** The key of an address in the table. */
export function keyOf(ip: string, port: number): string {
  return `${ip} ${port}`
}

/** Whether there is room for one more peer, after one was forgotten if need be. */
function makeRoom(table: PeerTable, { host }: PeerOwner): boolean {
  if (table.size < host.config.sendersMax) return true
  const now = host.patience.now()
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
