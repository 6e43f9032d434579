// The server's half of `ReplicationSystem`.

import { type BitWriter, clearBits, createBitWriter } from '../bits/BitWriter.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { collect } from '../errors/collect.ts'
import { setVisible } from '../replication/setVisible.ts'
import { encodeSnapshot } from '../replication/encodeSnapshot.ts'
import { messageBytesMax } from '../replication/envelope.ts'
import { slotOf } from '../replication/netId.ts'
import { type Client, type Host } from './Host.ts'
import { type Replicator } from './Replicator.ts'
import { scanWorld } from './scanWorld.ts'
import { isBehind, sendBytes } from './sendBytes.ts'
import { endSession } from './sessions.ts'

/** Used again for each snapshot. */
const writer: BitWriter = /* @__PURE__ */ createBitWriter(messageBytesMax)
const visible: number[] = []

/**
 * The tick of a call: the one given, or the next.
 *
 * @throws RangeError unless it is an integer above the one before
 */
function nextTick(host: Host, tick: number = host.tick + 1): number {
  checkInteger('ReplicationSystem', 'tick', tick, host.tick + 1, 0xffff_ffff)
  return (host.tick = tick)
}

/** Notes the world at a tick and sends each client what differs from what it has. What user code throws is added to `errors`. */
export function sendSnapshots(
  replicator: Replicator,
  host: Host,
  tick: number | undefined,
  errors: unknown[],
): void {
  const now = nextTick(host, tick)
  if (host.clients.size === 0) return
  scanWorld(replicator, host, now)
  for (const client of host.clients.values())
    collect(errors, () => sendSnapshot(replicator, host, client))
}

function sendSnapshot(replicator: Replicator, host: Host, client: Client): void {
  const { world, network, store } = replicator
  const { socket, serving, view, sentMs } = client
  const { entity } = socket
  if (isBehind(socket, serving.bytesPerSnapshot)) return
  const count = findVisible(replicator, host, client)
  // What the interest function did may have ended it.
  if (host.clients.get(socket) !== client) return
  const { source } = host
  const now = network.config.clock.now()
  setVisible(source, view, visible, count)
  clearBits(writer)
  const { priority } = serving
  const number = encodeSnapshot(source, view, writer, {
    // Not 0: then no priority would count.
    seconds: Math.max(now - client.lastMs, 1) / 1_000,
    clientSequence: Math.max(client.newestIn, 0),
    heldMs: client.newestIn < 0 ? 0 : Math.min(Math.round(now - client.newestInMs), 0xffff),
    resendTicks: 0,
    priorityOf(slot) {
      const weight = host.weights[slot] ?? 1
      return priority === undefined
        ? weight
        : weight * priority(world, entity, host.entities[slot]!)
    },
  })
  client.lastMs = now
  sentMs[number % sentMs.length] = now
  if (!sendBytes(replicator, socket, writer.bytes.subarray(0, writer.at))) {
    // The client lacks what the next snapshot would build on.
    endSession(replicator, socket)
    return
  }
  store.snapshotsOut[entity]!++
  store.tick[entity] = source.tick
  store.waiting[entity] = view.waiting
  store.complete[entity] = view.isComplete
}

/** Finds the slots that a client may see. Returns how many. */
function findVisible(
  { world }: Replicator,
  host: Host,
  { socket, serving, owned }: Client,
): number {
  let count = 0
  if (serving.interest === undefined) {
    const { alive, end } = host.source.slots
    for (let slot = 1; slot < end; slot++) if (alive[slot] === 1) visible[count++] = slot
    return count
  }
  for (const entity of serving.interest(world, socket.entity)) {
    const netId = host.netIds.get(entity)
    if (netId !== undefined) visible[count++] = slotOf(netId)
  }
  for (const slot of owned) visible[count++] = slot
  return count
}
