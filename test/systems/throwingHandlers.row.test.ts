// Handlers that throw: nobody else loses an event, each error is reported once, and no connection ends.

import { addEntity, type EntityId, observe, onAdd, query, type World } from 'bitecs'
import {
  Connected,
  destroySocket,
  flushNetwork,
  getBufferBytes,
  NetworkEvent,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  Socket,
} from 'bitecs-networking'
import {
  async_load,
  buffer_peek,
  buffer_u32,
  ds_map_find_value,
  gml_bind,
  gml_on_networking,
  gml_step,
  network_type_data,
} from 'bitecs-networking/gml'
import { observeTraffic } from 'bitecs-networking/traffic'
import { setImmediate as turn } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { amountOf, figure } from '../lib/row.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { thrownBy } from '../lib/throws.ts'
import { withMemory } from '../lib/withNet.ts'
import { spec } from '../spec.ts'

const events = amountOf({ test: 50_000, ci: 100_000, soak: 4_000_000 })
const clients = 10
/** Messages of each client in a tick. */
const burst = 100

/** What a handler may throw: each of them by turns. */
const thrown: readonly (() => unknown)[] = [
  () => new Error('an error'),
  () => new TypeError('of another class'),
  () => 'a text',
  () => undefined,
  () => null,
  () => 0,
  () => Symbol('a symbol'),
  () => Object.freeze(new Error('frozen')),
  () => Object.create(null) as unknown,
  () => ({ toString: () => thrower() }),
  () => new Proxy({}, { get: thrower, has: thrower, getPrototypeOf: thrower }),
  unreadable,
]

const unreadables = new WeakSet<object>()

/** An error that throws when it is looked at: that is reported in its place. */
function unreadable(): unknown {
  const error = new Proxy(new Error('unreadable'), { get: thrower, defineProperty: thrower })
  unreadables.add(error)
  return error
}

function thrower(): never {
  throw new Error('thrown by what was thrown')
}

interface Counts {
  /** Messages that each of three subscribers has handled, the second of which throws for every tenth. */
  readonly handled: [number, number, number]
  readonly wanted: unknown[]
  readonly reported: unknown[]
  disconnects: number
}

/** Subscribes the handler of a subscriber by a face; it is called with the number of each message. */
type Subscribe = (handler: (number: number) => unknown, onEnd: () => void) => void

/** Three subscribers, and clients that send numbers; what the ticks threw is counted. */
async function play(
  net: TestNet,
  subscribe: (world: World) => Subscribe,
  tick: (world: World) => void,
): Promise<Counts> {
  const links = net.links(clients, { eventsPerTickMax: Infinity, eventsPerSocketMax: Infinity })
  const { host } = links[0]!
  const counts: Counts = { handled: [0, 0, 0], wanted: [], reported: [], disconnects: 0 }
  const add = subscribe(host)
  for (const index of [0, 1, 2] as const)
    add(
      () => {
        const count = ++counts.handled[index]
        if (index !== 1 || count % 10 !== 0) return
        const value = thrown[(count / 10) % thrown.length]!()
        counts.wanted.push(value)
        throw value
      },
      () => counts.disconnects++,
    )
  const bytes = Buffer.alloc(4)
  for (let sent = 0; sent < events;) {
    for (const { guest, client } of links) {
      for (let count = 0; count < burst && sent < events; count++) {
        bytes.writeUInt32LE(sent++)
        assert.is(sendPacket(guest, client, bytes), 16)
      }
      flushNetwork(guest)
    }
    try {
      tick(host)
    } catch (error) {
      counts.reported.push(...((error as AggregateError).errors as unknown[]))
    }
    await turn()
  }
  assert.is(query(host, [Socket, Connected]).length, clients)
  return counts
}

function check(name: string, { handled, wanted, reported, disconnects }: Counts): void {
  assert.equal(handled, [events, events, events])
  assert.is(wanted.length, events / 10)
  assert.is(reported.length, wanted.length)
  const wrong = reported.filter(
    (value, at) =>
      !Object.is(value, wanted[at]) &&
      !(unreadables.has(Object(wanted[at]) as object) && /what was thrown/.test(String(value))),
  )
  assert.is(wrong.length, 0)
  assert.is(disconnects, 0)
  figure(
    'R-15',
    `${name}: ${events} events, 3 handlers, one threw ${wanted.length} times: all handled, each reported once, 0 disconnects`,
  )
}

const byHandlers =
  (world: World): Subscribe =>
  (handler, onEnd) =>
    void onNetworking(world, addEntity(world), (_world, _self, asyncLoad) => {
      if (asyncLoad.type !== NetworkType.data) return onEnd()
      const bytes = getBufferBytes(asyncLoad.buffer)
      handler(Buffer.from(bytes).readUInt32LE())
    })

const byGml =
  (world: World): Subscribe =>
  (handler, onEnd) => {
    gml_bind(world)
    gml_on_networking(() => {
      if (ds_map_find_value(async_load, 'type') !== network_type_data) return onEnd()
      const buffer = ds_map_find_value(async_load, 'buffer') as number
      handler(Number(buffer_peek(buffer, 0, buffer_u32)))
    })
  }

spec(
  'handlers that throw',
  (it) => {
    it(
      `every tenth of ${events} events, anything`,
      withMemory(async (net) => {
        check('main face', await play(net, byHandlers, (world) => NetworkSystem(world)))
      }),
    )

    it(
      `every tenth of ${events} events, anything, on the gml face`,
      withMemory(async (net) => {
        check('gml face', await play(net, byGml, () => gml_step()))
      }),
    )

    it(
      'handlers that return a promise which is rejected: warned of, and nobody else loses an event',
      withMemory(async (net) => {
        const rejections: unknown[] = []
        const note = (reason: unknown): void => void rejections.push(reason)
        process.on('unhandledRejection', note)
        try {
          await rejectAll(net)
          await turn()
          assert.equal(rejections, [])
        } finally {
          process.off('unhandledRejection', note)
        }
      }),
    )

    it(
      'observers that throw what cannot be looked at: nobody loses an event',
      withMemory((net) => {
        const [link] = net.links(1)
        const { host, guest, client } = link!
        const stops = [
          observeTraffic(host, { received: thrower, sent: thrower }),
          observeTraffic(host, {
            received() {
              throw unreadable()
            },
          }),
          observe(host, onAdd(NetworkEvent), () => {
            throw unreadable()
          }),
        ]
        let heard = 0
        onNetworking(host, addEntity(host), () => void heard++)
        for (let count = 0; count < 3; count++) sendPacket(guest, client, Uint8Array.of(1))
        flushNetwork(guest)
        const { errors } = thrownBy(() => NetworkSystem(host)) as AggregateError
        assert.ok(errors.every((error) => /what was thrown/.test(String(error))))
        assert.ok(errors.length >= stops.length)
        assert.is(heard, 3)
        for (const stop of stops) stop()
        NetworkSystem(host)
      }),
    )

    it(
      'handlers that throw and destroy: a connection that was destroyed has no more events',
      withMemory((net) => {
        const links = net.links(2)
        const { host } = links[0]!
        const heard: EntityId[] = []
        onNetworking(host, addEntity(host), (_world, _self, asyncLoad) => {
          if (asyncLoad.type !== NetworkType.data) return
          heard.push(asyncLoad.id)
          if (asyncLoad.id !== links[0]!.accepted) return
          destroySocket(host, asyncLoad.id)
          throw new Error('and out')
        })
        for (const { guest, client } of links) {
          for (let count = 0; count < 3; count++) sendPacket(guest, client, Uint8Array.of(1))
          flushNetwork(guest)
        }
        assert.throws(() => NetworkSystem(host), 'and out')
        const [gone, other] = links.map(({ accepted }) => accepted)
        assert.equal(heard, [gone, other, other, other])
      }),
    )
  },
  60_000 + events / 5,
)

/** A subscriber rejects every tenth event, as an async handler would that the compiler has not seen. */
async function rejectAll(net: TestNet): Promise<void> {
  let rejected = 0
  const counts = await play(
    net,
    (world) => (handler, onEnd) =>
      void onNetworking(world, addEntity(world), ((...[, , asyncLoad]: unknown[]) => {
        if ((asyncLoad as { type: number }).type !== NetworkType.data) return onEnd()
        try {
          return handler(0)
        } catch (error) {
          rejected++
          return Promise.reject(error)
        }
      }) as never),
    (world) => NetworkSystem(world),
  )
  assert.equal(counts.handled, [events, events, events])
  assert.equal([rejected, counts.reported.length, counts.disconnects], [events / 10, 0, 0])
  // Once a second at most, and the clock of the net stands still.
  const ofPromises = net.warnings.filter((warning) => warning.includes('was rejected'))
  assert.is(ofPromises.length, 1)
  figure(
    'R-15',
    `async handlers: ${events} events, ${rejected} rejections, all handled, 0 unhandled`,
  )
}
