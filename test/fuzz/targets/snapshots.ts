// What a client does with snapshots, and both ends with the other messages of replication: any bytes are taken whole, or have no
// effect.

import * as assert from 'uvu/assert'
import { clearBits, createBitWriter } from '../../../src/bits/BitWriter.ts'
import { createClientView } from '../../../src/replication/ClientView.ts'
import { decodeSnapshot } from '../../../src/replication/decodeSnapshot.ts'
import { encodeSnapshot } from '../../../src/replication/encodeSnapshot.ts'
import {
  kindOf,
  readAck,
  readChallenge,
  readHello,
  readRefused,
  readWelcome,
  versionOf,
  writeAck,
  writeHello,
  writeRefused,
  writeWelcome,
} from '../../../src/replication/messages.ts'
import { slotOf } from '../../../src/replication/netId.ts'
import { targetAt, targetCount } from '../../../src/replication/relationText.ts'
import { createReplicas, type Replicas } from '../../../src/replication/Replicas.ts'
import { setVisible } from '../../../src/replication/setVisible.ts'
import { drawValues, ServerModel } from '../../replication/ServerModel.ts'
import { allTypes } from '../../replication/testSchema.ts'
import { Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'

const envelope = 5
const replicasMax = 64

/** Snapshots of a short session on an ordered link; of the last tick there are several, for several lists of what is visible. */
function recordSession(): { before: Uint8Array[]; next: Uint8Array[] } {
  const draw = new Draw(7)
  const server = new ServerModel(allTypes, 4)
  const writer = createBitWriter(1 << 18)
  const views = Array.from({ length: 6 }, () =>
    createClientView({ client: 1, isOrdered: true, bytesMax: 16_384 }),
  )
  const packets: Uint8Array[][] = []
  for (let tick = 1; tick <= 8; tick++) {
    if (server.entities.size < 8) server.spawn().owner = tick % 3
    const netIds = [...server.entities.keys()]
    for (const { components } of server.entities.values())
      for (const { index, fields } of allTypes.components)
        if (draw.isLucky(0.4))
          components.set(index, drawValues(draw, fields, components.get(index), netIds))
        else if (draw.isLucky(0.1)) components.delete(index)
    server.snapshot(tick)
    packets.push(
      views.map((view, at) => {
        const slots = netIds.map(slotOf).filter((slot) => tick < 8 || slot % 6 !== at)
        setVisible(server.source, view, slots, slots.length)
        clearBits(writer)
        encodeSnapshot(server.source, view, writer, {
          seconds: 0,
          clientSequence: 0,
          heldMs: 0,
          resendTicks: 0,
        })
        return writer.bytes.slice(0, writer.at)
      }),
    )
  }
  return { before: packets.slice(0, -1).map(([first]) => first!), next: packets.at(-1)! }
}

const { before, next } = recordSession()

function createClient(): Replicas {
  const replicas = createReplicas(allTypes, 4, replicasMax)
  for (const bytes of before) assert.is(decodeSnapshot(replicas, bytes, envelope), 'ok')
  return replicas
}

let client = createClient()
let state = stateOf(client)

/** Everything that a snapshot could change, as a number. */
function stateOf(replicas: Replicas): number {
  const { history, stamps, bySlot, goneSlots, acks } = replicas
  let hash = replicas.end + 31 * replicas.count + 7 * bySlot.size + 3 * goneSlots.size
  for (const value of [replicas.tick, replicas.evicted, acks.newest, acks.mask, history.capacity])
    hash = mix(hash, value)
  for (const ints of history.ints)
    for (let at = 0; at < ints.length; at++) hash = mix(hash, ints[at]!)
  for (const row of stamps) for (let at = 0; at < row.length; at++) hash = mix(hash, row[at]!)
  for (const texts of history.texts)
    for (let at = 0; at < texts.length; at++) hash = mix(hash, texts[at]!.length)
  for (let index = 0; index < replicas.end; index++)
    hash = mix(mix(hash, replicas.alive[index]!), replicas.lastTick[index]!)
  return hash
}

function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x9e3779b1) ^ (hash >>> 15)
}

function runSnapshot(input: Uint8Array): string {
  const result = decodeSnapshot(client, input, envelope)
  if (result !== 'ok') {
    assert.is(stateOf(client), state, `${result}, and something has changed`)
    return result
  }
  checkValues(client)
  client = createClient()
  state = stateOf(client)
  return result
}

/** All that a snapshot brought is what its type allows. */
function checkValues({ changes, history, schema, count, end }: Replicas): void {
  assert.ok(count <= replicasMax && end <= 2 * replicasMax && history.capacity <= 4 * replicasMax)
  for (let at = 0; at < changes.count; at++) {
    const index = changes.index[at]!
    for (const { fields, index: number } of schema.components) {
      if (((changes.low[at]! >>> number) & 1) === 0) continue
      for (const { type, intAt, textAt } of fields) {
        const int = history.ints[changes.row]![index * schema.intWidth + intAt]!
        const isFree = type.ints !== 1 || type.kind === 'f32' || type.kind === 'ref'
        assert.ok(isFree || (int >= type.low && int <= type.high), `${type.text} ${int}`)
        if (textAt < 0) continue
        const text = history.texts[changes.row]![index * schema.textWidth + textAt]!
        if (type.kind === 'text') assert.ok(Buffer.byteLength(text) <= type.bytesMax)
        else
          for (let target = 0; target < targetCount(text); target++)
            assert.ok(target < 8 && targetAt(text, target) > 0)
      }
    }
  }
}

export const snapshots: Target = {
  name: 'snapshots',
  draw: (draw) => {
    if (draw.isLucky(0.1)) return draw.bytes(draw.size(200))
    const bytes = draw.one(next)
    if (draw.isLucky(0.2)) return bytes
    if (draw.isLucky(0.7)) {
      const flipped = bytes.slice()
      const at = envelope + 10 + draw.below(bytes.length - envelope - 10)
      flipped[at]! ^= 1 << draw.below(8)
      return flipped
    }
    const end = draw.below(bytes.length)
    return new Uint8Array([...bytes.subarray(0, end), ...draw.bytes(draw.size(40))])
  },
  run: runSnapshot,
  outcomes: ['ok', 'malformed', 'duplicate', 'unheld'],
}

const token = Uint8Array.from({ length: 16 }, (_, at) => at)

function drawMessage(draw: Draw): Uint8Array {
  const writer = createBitWriter(1_024)
  const schemaHash = BigInt(draw.word())
  switch (draw.below(5)) {
    case 0:
      writeHello(writer, {
        schemaHash,
        epoch: draw.word(),
        token: draw.one([token, new Uint8Array(0)]),
        proof: 0,
      })
      break
    case 1:
      writeWelcome(writer, {
        schemaHash,
        epoch: draw.word(),
        tick: draw.word(),
        tickUs: draw.word(),
        history: draw.byte(),
        token,
      })
      break
    case 2:
      writeRefused(writer, { reason: draw.below(5), schemaText: draw.one(['', allTypes.text]) })
      break
    case 3:
      writeAck(writer, {
        clientSequence: draw.word(),
        sequence: draw.word(),
        mask: draw.word(),
        heldMs: draw.below(65_536),
      })
      break
    default:
      return draw.bytes(draw.size(80))
  }
  return writer.bytes.slice(0, writer.at)
}

export const replicationMessages: Target = {
  name: 'replicationMessages',
  draw: drawMessage,
  run: (input) => {
    const kind = kindOf(input)
    assert.ok(kind === 0 || versionOf(input) === 1)
    const read = [
      readHello(input, envelope, false),
      readHello(input, 9, true),
      readWelcome(input, envelope),
      readRefused(input, envelope),
      readAck(input, envelope),
      readChallenge(input, 9),
    ].filter((message) => message !== undefined)
    return read.length > 0 ? 'read' : 'dropped'
  },
  outcomes: ['read', 'dropped'],
}
