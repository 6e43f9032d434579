// What a server receives: hello, acknowledgements, bye.

import { type EntityId } from 'bitecs'
import { acknowledge } from '../replication/acknowledge.ts'
import { createClientView } from '../replication/ClientView.ts'
import { MessageKind, tag } from '../replication/envelope.ts'
import {
  type Ack,
  envelopeBytes,
  kindOf,
  readAck,
  readHello,
  RefusedReason,
  versionOf,
  writeRefused,
  writeWelcome,
} from '../replication/messages.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { timesKept } from './Guest.ts'
import { type Client, type Host, type Serving } from './Host.ts'
import { type Replicator } from './Replicator.ts'
import { noteRoundTrip } from './roundTrips.ts'
import { send } from './sendBytes.ts'
import { beginSession, endSession } from './sessions.ts'

/** A socket says hello once in this time. */
const helloIntervalMs = 1_000

const version = tag >>> 24
const behindEnvelope = /* @__PURE__ */ envelopeBytes(false)
/** Sessions are not taken up again. */
const noToken = /* @__PURE__ */ new Uint8Array(16)

export function takeFromClient(
  replicator: Replicator,
  host: Host,
  socket: ConnectionSocket,
  bytes: Uint8Array,
): void {
  const client = host.clients.get(socket)
  const kind = kindOf(bytes)
  // Another version's hello is answered in this version's form.
  const isOther = versionOf(bytes) !== version && bytes[4] === MessageKind.hello
  if (kind === MessageKind.hello || isOther) greet(replicator, host, socket, isOther, bytes)
  else if (client === undefined) return
  else if (kind === MessageKind.bye) endSession(replicator, socket)
  else {
    const ack = kind === MessageKind.ack ? readAck(bytes, behindEnvelope) : undefined
    if (ack === undefined || !takeAck(replicator, host, client, ack))
      replicator.store.malformed[socket.entity]!++
  }
}

function greet(
  replicator: Replicator,
  host: Host,
  socket: ConnectionSocket,
  isOther: boolean,
  bytes: Uint8Array,
): void {
  const { network, schema } = replicator
  const now = network.config.clock.now()
  const last = host.greeted.get(socket)
  if (last !== undefined && now - last.atMs < helloIntervalMs) return
  const hello = isOther ? undefined : readHello(bytes, behindEnvelope, false)
  const greeting = { atMs: now, hasSchema: last?.hasSchema === true }
  host.greeted.set(socket, greeting)
  const refuse = (reason: number, schemaText = ''): void =>
    void send(replicator, socket, (writer) => writeRefused(writer, { reason, schemaText }))
  const serving = servingOf(host, network.sockets.get(socket.server!.entity))
  if (isOther) refuse(RefusedReason.version)
  else if (hello === undefined) return
  else if (serving === undefined) refuse(RefusedReason.notReplicating)
  else if (hello.schemaHash === schema.hash) welcome(replicator, host, socket, serving)
  else {
    refuse(RefusedReason.schema, greeting.hasSchema ? '' : schema.text)
    greeting.hasSchema = true
  }
}

function servingOf({ servers }: Host, listener: object | undefined): Serving | undefined {
  return (servers as ReadonlyMap<object | undefined, Serving>).get(listener)
}

function welcome(
  replicator: Replicator,
  host: Host,
  socket: ConnectionSocket,
  serving: Serving,
): void {
  const { network, schema } = replicator
  const { source, epoch, clients, tick } = host
  endSession(replicator, socket)
  const tickUs = Math.max(Math.round(1_000_000 / serving.hz), 1)
  const { history } = source
  const answer = {
    schemaHash: schema.hash,
    epoch,
    tick,
    tickUs,
    history: history.rows,
    token: noToken,
  }
  // Beginning to replicate runs observers of the user, who may send: the answer comes first.
  if (!send(replicator, socket, (writer) => writeWelcome(writer, answer))) return
  const now = network.config.clock.now()
  clients.set(socket, {
    socket,
    serving,
    view: createClientView({
      client: ++host.lastClient,
      isOrdered: true,
      bytesMax: serving.bytesPerSnapshot,
    }),
    owned: [],
    lastMs: now,
    newestIn: -1,
    newestInMs: now,
    sentMs: new Float64Array(timesKept),
  })
  beginSession(replicator, socket)
}

function takeAck(replicator: Replicator, host: Host, client: Client, ack: Ack): boolean {
  const { network, store } = replicator
  const { entity }: { entity: EntityId } = client.socket
  if (!acknowledge(host.source, client.view, ack.sequence, ack.mask)) return false
  const now = network.config.clock.now()
  client.newestIn = ack.clientSequence
  client.newestInMs = now
  noteRoundTrip(store, entity, now - client.sentMs[ack.sequence % timesKept]! - ack.heldMs)
  return true
}
