import { Socket } from '../../components/Socket.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { isAlive, type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
import { writeOutbox } from './Outbox.ts'

/** A socket has something to send: it leaves when the tick's synchronous code ends, at the latest. */
export function sendSoon(network: Network, socket: NetworkSocket): void {
  network.outgoing.push(socket)
  if (network.isFlushScheduled || network.isDispatching) return
  network.isFlushScheduled = true
  queueMicrotask(() => {
    network.isFlushScheduled = false
    flush(network)
  })
}

/** Hands over what was sent, in one write per socket. */
export function flush(network: Network): void {
  const { outgoing } = network
  if (outgoing.length === 0) return
  network.outgoing = []
  for (const socket of outgoing) flushSocket(network, socket)
}

/** Ends connections that take nothing, or never finish a packet. */
export function endStalled(network: Network): void {
  const { draining, unfinished, config } = network
  if (draining.size + unfinished.size === 0) return
  const now = config.clock.now()
  for (const socket of draining) {
    const pending = socket.connection?.pendingBytes ?? 0
    if (pending === 0) {
      draining.delete(socket)
      socket.isDraining = false
    } else if (pending !== socket.stalledBytes) {
      socket.stalledBytes = pending
      socket.stalledSinceMs = now
    } else if (now - socket.stalledSinceMs >= socket.writeStallMs)
      socket.end(DisconnectReason.timedOut)
  }
  for (const socket of unfinished)
    if (now - socket.unfinishedSinceMs >= socket.readTimeoutMs)
      socket.end(DisconnectReason.timedOut)
}

function flushSocket(network: Network, socket: NetworkSocket): void {
  const { connection, outbox, entity } = socket
  if (connection === undefined || outbox.batch === undefined) return
  if (isAlive(network)) {
    const store = Socket(network.world)
    store.bytesOut[entity] = (store.bytesOut[entity] ?? 0) + outbox.size
    store.packetsOut[entity] = (store.packetsOut[entity] ?? 0) + outbox.count
  }
  writeOutbox(network.batches, outbox, connection)
  if (!socket.isDraining && connection.pendingBytes > 0) {
    socket.isDraining = true
    network.draining.add(socket)
    socket.stalledBytes = connection.pendingBytes
    socket.stalledSinceMs = network.config.clock.now()
  }
}
