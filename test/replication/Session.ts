// A server and its clients on a network that loses, doubles, delays and reorders packets, all of it drawn from one seed. What
// happens is a script, so that a session that fails can be made shorter.

import * as assert from 'uvu/assert'
import { type BitWriter, clearBits, createBitWriter } from '../../src/bits/BitWriter.ts'
import { acknowledge } from '../../src/replication/acknowledge.ts'
import {
  type ClientView,
  closeClientView,
  createClientView,
} from '../../src/replication/ClientView.ts'
import { encodeSnapshot } from '../../src/replication/encodeSnapshot.ts'
import { messageBytesMax } from '../../src/replication/envelope.ts'
import { slotOf } from '../../src/replication/netId.ts'
import { restartReplicas } from '../../src/replication/Replicas.ts'
import { setVisible } from '../../src/replication/setVisible.ts'
import { Draw } from '../fuzz/Draw.ts'
import { ClientModel } from './ClientModel.ts'
import { drawValues, ServerModel } from './ServerModel.ts'
import { allTypes, manyComponents } from './testSchema.ts'

/** One thing that happens before a snapshot; `seed` draws what it happens to. */
export interface Step {
  readonly kind: (typeof kinds)[number]
  readonly seed: number
}

const kinds = [
  'spawn',
  'spawn',
  'remove',
  'recycle',
  'add',
  'add',
  'drop',
  'write',
  'write',
  'write',
  'write',
  'own',
  'hide',
  'show',
  'relate',
  'join',
  'return',
] as const

export interface Script {
  readonly seed: number
  /** What happens before each snapshot. */
  readonly ticks: readonly (readonly Step[])[]
}

/** How bad the network of a session is, and how small its budget. */
interface Conditions {
  readonly loss: number
  readonly duplicates: number
  readonly delay: number
  readonly jitter: number
  readonly rows: number
  readonly bytesMax: number
}

interface Packet {
  readonly at: number
  readonly order: number
  readonly take: () => void
}

interface Peer {
  view: ClientView
  model: ClientModel
  readonly hidden: Set<number>
  readonly random: Draw
}

export function drawScript(seed: number): Script {
  const draw = new Draw(seed)
  // Some are so long that packet numbers come again.
  const length = 10 + draw.below(draw.isLucky(0.04) ? 250 : 50)
  const ticks = Array.from({ length }, () =>
    Array.from({ length: draw.below(5) }, () => ({
      kind: draw.one(kinds),
      seed: draw.below(2 ** 32),
    })),
  )
  return { seed, ticks }
}

function drawConditions(draw: Draw): Conditions {
  return {
    loss: draw.one([0, 0.05, 0.3, 0.6]),
    duplicates: draw.one([0, 0, 0.2]),
    delay: draw.one([0, 1, 3, 6]),
    jitter: draw.one([0, 1, 4]),
    rows: draw.one([4, 8, 32]),
    bytesMax: draw.one([64, 120, 1_200, 1_200, 16_384]),
  }
}

/** Entities at most. */
const entitiesMax = 24

export class Session {
  readonly server: ServerModel
  readonly conditions: Conditions
  readonly #draw: Draw
  readonly #peers: readonly Peer[]
  readonly #writer: BitWriter = createBitWriter(messageBytesMax)
  #packets: Packet[] = []
  #order = 0
  #round = 0
  #isGood = false
  /** Packets made, and how many of them were lost. */
  made = 0
  lost = 0
  /** Called with each snapshot that a client has taken. */
  onTaken: ((model: ClientModel, bytes: Uint8Array) => void) | undefined

  constructor(seed: number) {
    this.#draw = new Draw(seed ^ 0x5bd1e995)
    this.conditions = drawConditions(this.#draw)
    const { rows, bytesMax } = this.conditions
    const schema = this.#draw.isLucky(0.2) ? manyComponents : allTypes
    this.server = new ServerModel(schema, rows)
    this.#peers = [true, false, false].map((isOrdered, at) => ({
      view: createClientView({ client: at + 1, isOrdered, bytesMax }),
      model: new ClientModel(schema, at + 1, rows),
      hidden: new Set<number>(),
      random: new Draw(seed + at),
    }))
  }

  /** One tick: what happens, a snapshot to each client, and what arrives. */
  tick(steps: readonly Step[]): void {
    for (const step of steps) this.#happen(step)
    this.#round++
    this.server.snapshot(this.server.tick + 1 + (this.#round % 3 === 0 ? 1 : 0))
    for (const peer of this.#peers) this.#send(peer)
    this.#deliver()
    for (const peer of this.#peers) this.#check(peer)
  }

  /** The network is good from now on; after a while all clients have what they should have. */
  settle(): void {
    this.#isGood = true
    // Acknowledgements of three round trips, and what a small budget needs for all that there is.
    const rounds = 6 * (this.conditions.delay + this.conditions.jitter) + 24 + 4 * entitiesMax
    // A first one always, since the last snapshot to a client may have been left out.
    for (let round = 0; round === 0 || (round < rounds && !this.#isSettled()); round++)
      this.tick([])
    for (const peer of this.#peers) {
      this.#compare(peer)
      assert.ok(peer.model.isComplete, `client ${peer.view.client} knows that it has all`)
      assert.is(peer.view.gone.count, 0, 'nothing is left on the gone list')
    }
  }

  /** Whether the server knows that all clients have all. */
  #isSettled(): boolean {
    return this.#peers.every(
      ({ view, model }) => model.isComplete && view.gone.count === 0 && this.#isHeld(view),
    )
  }

  #isHeld({ visible, client }: ClientView): boolean {
    const { source, entities } = this.server
    for (let at = 0; at < visible.count; at++) {
      const netId = visible.netId[at]!
      const isOwned = entities.get(netId)?.owner === client
      const changed = isOwned ? source.changedForOwner : source.changedForOthers
      if (changed[slotOf(netId)]! > visible.ackedAt[at]!) return false
    }
    return true
  }

  #happen({ kind, seed }: Step): void {
    const draw = new Draw(seed)
    const { server } = this
    const netIds = [...server.entities.keys()]
    if (kind === 'spawn') {
      if (netIds.length < entitiesMax) this.#spawn(draw)
      return
    }
    if (kind === 'join' || kind === 'return') {
      if (draw.isLucky(0.3)) this.#connect(draw.one(this.#peers), kind === 'return')
      return
    }
    if (netIds.length === 0) return
    const netId = draw.one(netIds)
    const entity = server.entities.get(netId)!
    const { components } = entity
    const component = draw.one(server.schema.components)
    const peer = draw.one(this.#peers)
    switch (kind) {
      case 'recycle':
        server.remove(netId)
        this.#spawn(draw)
        break
      case 'remove':
        server.remove(netId)
        break
      case 'add':
        components.set(component.index, drawValues(draw, component.fields, undefined, netIds))
        break
      case 'drop':
        components.delete(component.index)
        break
      case 'write': {
        const index = components.size > 0 ? draw.one([...components.keys()]) : -1
        if (index < 0) break
        const { fields } = server.schema.components[index]!
        components.set(index, drawValues(draw, fields, components.get(index), netIds))
        break
      }
      case 'own':
        entity.owner = draw.below(this.#peers.length + 1)
        break
      case 'hide':
        peer.hidden.add(netId)
        break
      case 'show':
        peer.hidden.delete(draw.one([netId, ...peer.hidden]))
        break
      case 'relate': {
        const { index, fields } = server.schema.components.find(({ isRelation }) => isRelation)!
        components.set(index, drawValues(draw, fields, undefined, netIds))
        break
      }
    }
  }

  /** A client's connection ends, and another begins: of one that has nothing yet, or of the same. */
  #connect(peer: Peer, isSame: boolean): void {
    const { rows, bytesMax } = this.conditions
    const { client, isOrdered } = peer.view
    closeClientView(this.server.source, peer.view)
    peer.view = createClientView({ client, isOrdered, bytesMax })
    if (isSame) restartReplicas(peer.model.replicas)
    else peer.model = new ClientModel(this.server.schema, client, rows)
    peer.model.isComplete = false
  }

  #spawn(draw: Draw): void {
    const entity = this.server.spawn()
    const netIds = [...this.server.entities.keys()]
    for (const { index, fields } of this.server.schema.components)
      if (draw.isLucky(0.4))
        entity.components.set(index, drawValues(draw, fields, undefined, netIds))
    if (draw.isLucky(0.3)) entity.owner = 1 + draw.below(this.#peers.length)
  }

  #visibleTo({ view, hidden }: Peer): number[] {
    const entities = [...this.server.entities.values()]
    return entities
      .filter(({ netId, owner }) => owner === view.client || !hidden.has(netId))
      .map(({ netId }) => slotOf(netId))
      .toReversed()
  }

  #send(peer: Peer): void {
    const { view, model, random } = peer
    const { source } = this.server
    const { delay, jitter, loss, duplicates } = this.conditions
    // Now and then the transport is full.
    if (!this.#isGood && random.isLucky(0.1)) return
    const slots = this.#visibleTo(peer)
    setVisible(source, view, slots, slots.length)
    clearBits(this.#writer)
    encodeSnapshot(source, view, this.#writer, {
      seconds: 0.05,
      clientSequence: 0,
      heldMs: 0,
      resendTicks: 3 * (delay + jitter) + 3,
    })
    const bytes = this.#writer.bytes.slice(0, this.#writer.at)
    this.made++
    const take = (): void => {
      // What a connection has left behind belongs to no other.
      if (peer.view !== view) return
      const result = model.receive(bytes)
      if (result === 'ok') this.onTaken?.(model, bytes)
      assert.ok(result !== 'malformed', 'a snapshot is well-formed')
      if (view.isOrdered) assert.is(result, 'ok', 'on an ordered link each snapshot is taken')
    }
    if (view.isOrdered) {
      take()
      if (view.waiting === 0) this.#compare(peer)
      return
    }
    this.#post(take, random, loss, duplicates)
    const { newest, mask } = model.replicas.acks
    if (newest >= 0)
      this.#post(
        () => peer.view === view && acknowledge(source, view, newest, mask),
        random,
        loss,
        duplicates,
      )
  }

  #post(take: () => void, random: Draw, loss: number, duplicates: number): void {
    const copies = this.#isGood ? 1 : random.isLucky(loss) ? 0 : random.isLucky(duplicates) ? 2 : 1
    if (copies === 0) this.lost++
    const { delay, jitter } = this.conditions
    for (let copy = 0; copy < copies; copy++)
      this.#packets.push({
        at: this.#round + delay + random.below(jitter + 1),
        order: this.#isGood ? this.#order++ : random.below(2 ** 31),
        take,
      })
  }

  #deliver(): void {
    const now = this.#packets.filter(({ at }) => at <= this.#round)
    this.#packets = this.#packets.filter(({ at }) => at > this.#round)
    for (const { take } of now.sort((a, b) => a.order - b.order)) take()
  }

  /** Each replica is as its entity was at one tick. */
  #check({ model }: Peer): void {
    for (const replica of model.entities.values()) {
      const state = this.server.log.get(replica.tick)?.get(replica.netId)
      if (state === undefined)
        assert.unreachable(`${replica.netId} did not exist at ${replica.tick}`)
      else if (model.held(replica) !== model.seen(state))
        assert.is(model.held(replica), model.seen(state), `as it was at ${replica.tick}`)
    }
  }

  /** The client has all that is visible, as it is now, and nothing else. */
  #compare(peer: Peer): void {
    const { model } = peer
    const wanted = new Map<number, string>()
    const visible = new Set(this.#visibleTo(peer))
    const states = this.server.log.get(this.server.tick)!
    for (const [netId, state] of states)
      if (visible.has(slotOf(netId))) wanted.set(netId, model.seen(state))
    for (const replica of model.entities.values()) {
      const state = wanted.get(replica.netId)
      if (model.held(replica) !== state)
        assert.is(model.held(replica), state, `${replica.netId} of client ${model.client}`)
      wanted.delete(replica.netId)
    }
    assert.equal([...wanted.keys()], [], `client ${model.client} has all`)
  }
}

/** Plays a script to its end, and lets the clients catch up. */
export function play({ seed, ticks }: Script): Session {
  const session = new Session(seed)
  for (const steps of ticks) session.tick(steps)
  session.settle()
  return session
}
