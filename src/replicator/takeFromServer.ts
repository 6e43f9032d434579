// What a client receives: welcome or refused, snapshots, bye.

import { hasComponent, removeComponent } from 'bitecs'
import { OwnedBy } from '../../components/OwnedBy.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { collect, throwCollected } from '../errors/collect.ts'
import { isLive } from '../entities/liveEntities.ts'
import { decodeSnapshot } from '../replication/decodeSnapshot.ts'
import { firstDifference } from '../replication/firstDifference.ts'
import { MessageKind } from '../replication/envelope.ts'
import {
  envelopeBytes,
  kindOf,
  readRefused,
  readWelcome,
  RefusedReason,
} from '../replication/messages.ts'
import { createReplicas, restartReplicas } from '../replication/Replicas.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { warn } from '../warnings/Warner.ts'
import { applySnapshot, dropReplicas } from './applySnapshot.ts'
import { createGuest, type Guest, timesKept } from './Guest.ts'
import { type Join, type Replicator } from './Replicator.ts'
import { noteRoundTrip } from './roundTrips.ts'
import { beginSession, endSession } from './sessions.ts'
import { noteSample, rowsFor } from './Timeline.ts'

const behindEnvelope = /* @__PURE__ */ envelopeBytes(false)

/** So many packets in a row that cannot be read end the connection. */
const malformedMax = 8

export function takeFromServer(
  replicator: Replicator,
  socket: ConnectionSocket,
  bytes: Uint8Array,
): void {
  const join = replicator.joins.get(socket)
  const guest = replicator.guests.get(socket)
  const kind = kindOf(bytes)
  if (join !== undefined) takeAnswer(replicator, socket, join, kind, bytes)
  else if (guest === undefined) return
  else if (kind === MessageKind.snapshot) takeSnapshot(replicator, guest, bytes)
  else if (kind === MessageKind.bye) endSession(replicator, socket)
  else noteMalformed(replicator, guest)
}

function takeAnswer(
  replicator: Replicator,
  socket: ConnectionSocket,
  join: Join,
  kind: number,
  bytes: Uint8Array,
): void {
  if (kind === MessageKind.welcome) takeWelcome(replicator, socket, join, bytes)
  else if (kind === MessageKind.refused) takeRefused(replicator, join, bytes)
}

const reasons: Readonly<Record<number, NetworkError>> = {
  [RefusedReason.version]: NetworkError.versionMismatch,
  [RefusedReason.schema]: NetworkError.schemaMismatch,
  [RefusedReason.notReplicating]: NetworkError.notReplicating,
}

function takeRefused({ network, schema }: Replicator, join: Join, bytes: Uint8Array): void {
  const refused = readRefused(bytes, behindEnvelope)
  if (refused === undefined) return
  const { reason, schemaText: text } = refused
  if (reason === RefusedReason.schema && text !== '')
    warn(network.warner, 'schema', `replication: ${firstDifference(schema.text, text)}`)
  join.settle(reasons[reason] ?? NetworkError.refused)
}

function takeWelcome(
  replicator: Replicator,
  socket: ConnectionSocket,
  join: Join,
  bytes: Uint8Array,
): void {
  const { schema, guests, lost } = replicator
  const welcome = readWelcome(bytes, behindEnvelope)
  if (welcome?.schemaHash !== schema.hash) return
  const { epoch, tickUs } = welcome
  const rows = rowsFor(schema, welcome.history)
  const errors: unknown[] = []
  const { kept } = join
  let guest: Guest | undefined
  if (kept !== undefined) {
    lost.splice(lost.indexOf(kept), 1)
    if (kept.epoch === epoch && kept.replicas.history.rows === rows) guest = kept
    else dropReplicas(replicator, kept, errors)
  }
  if (guest === undefined)
    guest = createGuest(socket, epoch, createReplicas(schema, rows), replicator.components, tickUs)
  else restartGuest(replicator, guest, socket, errors)
  guests.set(socket, guest)
  collect(errors, () => beginSession(replicator, socket))
  join.settle(socket.entity)
  throwCollected(errors)
}

/** Replicas that were kept get another socket: what they own is told again. */
function restartGuest(
  { world, network }: Replicator,
  guest: Guest,
  socket: ConnectionSocket,
  errors: unknown[],
): void {
  const owned = OwnedBy(guest.socket.entity)
  if (guest.socket.entity !== socket.entity)
    for (const entity of guest.indices.keys())
      if (isLive(network, entity) && hasComponent(world, entity, owned))
        collect(errors, () => removeComponent(world, entity, owned))
  restartReplicas(guest.replicas)
  guest.socket = socket
  guest.sequence = 0
  guest.answered = 0
  guest.owesAck = false
  guest.malformedInRow = 0
}

function takeSnapshot(replicator: Replicator, guest: Guest, bytes: Uint8Array): void {
  const { network, store } = replicator
  const { entity } = guest.socket
  const result = decodeSnapshot(guest.replicas, bytes, behindEnvelope)
  // On connections nothing is missing: a baseline that is not there was never sent.
  if (result !== 'ok') {
    noteMalformed(replicator, guest)
    return
  }
  const { changes } = guest.replicas
  const now = network.config.clock.now()
  guest.malformedInRow = 0
  guest.owesAck = true
  guest.newestMs = now
  noteSample(guest.timeline, now)
  store.snapshotsIn[entity]!++
  store.tick[entity] = changes.tick
  store.complete[entity] = changes.isComplete
  noteAnswer(replicator, guest, now)
  store.jitter[entity] = guest.timeline.clock.jitterMs
  const errors: unknown[] = []
  applySnapshot(replicator, guest, errors)
  throwCollected(errors)
}

/** The first snapshot that names an acknowledgement shows how long that has taken. */
function noteAnswer({ store }: Replicator, guest: Guest, now: number): void {
  const { clientSequence, heldMs } = guest.replicas.changes
  if (clientSequence === guest.answered) return
  guest.answered = clientSequence
  noteRoundTrip(
    store,
    guest.socket.entity,
    now - guest.sentMs[clientSequence % timesKept]! - heldMs,
  )
}

/** A packet that could not be read is dropped whole. */
function noteMalformed({ store }: Replicator, guest: Guest): void {
  store.malformed[guest.socket.entity]!++
  if (++guest.malformedInRow >= malformedMax) guest.socket.end(DisconnectReason.malformed)
}
