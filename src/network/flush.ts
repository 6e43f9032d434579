import { Socket } from '../../components/Socket.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { returnBatch } from './BatchPool.ts'
import { isAlive, type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
import { clearOutbox } from './Outbox.ts'

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
    const left = socket.counters.bytesOut - pending
    if (pending === 0) flushDrained(network, socket)
    else if (left !== socket.leftBytes) {
      socket.leftBytes = left
      socket.leftSinceMs = now
    } else if (now - socket.leftSinceMs >= socket.writeStallMs)
      socket.end(DisconnectReason.timedOut)
  }
  for (const socket of unfinished)
    if (socket.isPaused) socket.unfinishedSinceMs = now
    else if (now - socket.unfinishedSinceMs >= socket.readTimeoutMs)
      socket.end(DisconnectReason.timedOut)
}

/** All that was handed over has left: what was sent meanwhile follows. */
export function flushDrained(network: Network, socket: NetworkSocket): void {
  socket.isDraining = false
  network.draining.delete(socket)
  if (socket.handed !== undefined) returnBatch(network.batches, socket.handed)
  socket.handed = undefined
  flushSocket(network, socket)
}

function flushSocket(network: Network, socket: NetworkSocket): void {
  const { connection, outbox } = socket
  const { batch, used, size, count, messages } = outbox
  // While the connection is not done with the last batch, what is sent gathers in the next.
  if (connection === undefined || batch === undefined || socket.isDraining) return
  clearOutbox(outbox)
  const { counters } = socket
  counters.bytesOut += size
  counters.packetsOut += count
  if (isAlive(network)) {
    const store = Socket(network.world)
    store.bytesOut[socket.entity] = counters.bytesOut
    store.packetsOut[socket.entity] = counters.packetsOut
  }
  connection.write(batch.bytes.subarray(0, used), messages)
  const { pendingBytes } = connection
  if (pendingBytes === 0) {
    returnBatch(network.batches, batch)
    return
  }
  socket.handed = batch
  socket.isDraining = true
  socket.leftBytes = counters.bytesOut - pendingBytes
  socket.leftSinceMs = network.config.clock.now()
  network.draining.add(socket)
}
