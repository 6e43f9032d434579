// Reads what the entities of a server hold into a row of `History`, once for all clients.

import { type EntityId, type Relation, Wildcard, type World } from 'bitecs'
import { OwnedBy } from '../../components/OwnedBy.ts'
import { type ComponentBit, componentBit } from '../entities/componentBits.ts'
import { beginTick, setMask } from '../replication/Source.ts'
import { endTick } from '../replication/endTick.ts'
import { slotOf } from '../replication/netId.ts'
import { type Network } from '../network/Network.ts'
import { warn } from '../warnings/Warner.ts'
import { type DeclaredComponent, type DeclaredField as Field } from './Declared.ts'
import { type Host } from './Host.ts'
import { type Found, readField, snapField } from './readFields.ts'
import { type Replicator } from './Replicator.ts'

/** Used again for each component: the entities that have it, and their slots. */
const found: Found = { entities: [], slots: [], count: 0 }

/** Notes the world at a tick, which must be above the last one. */
export function scanWorld(replicator: Replicator, host: Host, tick: number): void {
  const { world, network, components } = replicator
  const { source } = host
  beginTick(source, tick)
  readMasks(replicator, host)
  for (const component of components) {
    if (component.isTag) continue
    findHolders(host, component)
    for (const field of component.declared) {
      const lost = readField(world, host, component, field, found)
      if (lost > 0) warnOfValues(network, component.name, field, lost)
    }
    if (component.isSnapped) for (const field of component.declared) snapField(host, field, found)
  }
  endTick(source)
}

function warnOfValues({ warner }: Network, component: string, field: Field, lost: number): void {
  const name = field.name === '' ? component : `${component}.${field.name}`
  const what =
    field.type.kind === 'oneOf'
      ? 'none of the names of its oneOf; they are sent as the first'
      : 'NaN, infinite or not numbers; they are sent as the least that their type holds'
  warn(warner, 'replicationValues', `replication: ${lost} values of ${name} are ${what}`)
}

/** Which components each entity has, and who owns it. */
function readMasks({ world, components }: Replicator, host: Host): void {
  const { source, entities, weights, clients } = host
  const { alive, end } = source.slots
  const bits = components.map((each) => componentBit(world, termOf(each)))
  const owners = ownersOf(world, host)
  for (const client of clients.values()) client.owned.length = 0
  for (let slot = 1; slot < end; slot++) {
    if (alive[slot] === 0) continue
    const entity = entities[slot]!
    let low = 0
    let high = 0
    let weight = 1
    for (let index = 0; index < bits.length; index++) {
      const bit = bits[index]
      if (bit === undefined || (bit.masks[entity]! & bit.flag) === 0) continue
      if (index < 32) low |= 1 << index
      else high |= 1 << (index - 32)
      weight *= components[index]!.priority
    }
    weights[slot] = weight
    setMask(source, slot, low, high, ownerOf(owners, entity, slot))
  }
  // A client's own socket counts as owned, whoever else owns it.
  for (const { view, socket, owned } of clients.values()) {
    const netId = host.netIds.get(socket.entity)
    if (netId === undefined) continue
    const slot = slotOf(netId)
    const { ownerAt, intWidth } = source.schema
    const at = slot * intWidth + ownerAt
    const ints = source.history.ints[source.row]!
    if (ints[at] === view.client) continue
    ints[at] = view.client
    owned.push(slot)
  }
}

/** What an entity has that has the component: a relation's subjects have the pair with the wildcard. */
function termOf({ component, isRelation }: DeclaredComponent): object {
  return isRelation ? (component as Relation<object>)(Wildcard) : component
}

/** The `OwnedBy` components that share masks. */
interface OwnerMask extends ComponentBit {
  flag: number
  readonly byFlag: Map<
    number,
    { readonly view: { readonly client: number }; readonly owned: number[] }
  >
}

function ownersOf(world: World, { clients }: Host): OwnerMask[] {
  const groups = new Map<readonly number[], OwnerMask>()
  for (const client of clients.values()) {
    const bit = componentBit(world, OwnedBy(client.socket.entity))
    if (bit === undefined) continue
    let group = groups.get(bit.masks)
    if (group === undefined) {
      group = { masks: bit.masks, flag: 0, byFlag: new Map() }
      groups.set(bit.masks, group)
    }
    group.flag |= bit.flag
    group.byFlag.set(bit.flag, client)
  }
  return [...groups.values()]
}

/** The number of the client that owns an entity, which is noted with the client; 0 if none does. */
function ownerOf(owners: readonly OwnerMask[], entity: EntityId, slot: number): number {
  for (const { masks, flag, byFlag } of owners) {
    const hit = masks[entity]! & flag
    if (hit === 0) continue
    // The lowest, if there are several.
    const client = byFlag.get(hit & -hit)!
    client.owned.push(slot)
    return client.view.client
  }
  return 0
}

/** Finds the entities whose values of a component are read: of one that is read once those that have it since this tick. */
function findHolders({ source, entities }: Host, { index, isOnce }: DeclaredComponent): void {
  const { history, slots, row } = source
  const { intWidth } = source.schema
  const ints = history.ints[row]!
  const before = isOnce && history.count > 1 ? history.ints[history.order[1]!]! : undefined
  const word = index >> 5
  const flag = 1 << (index & 31)
  found.count = 0
  for (let slot = 1; slot < slots.end; slot++) {
    const at = slot * intWidth + word
    if (slots.alive[slot] === 0 || (ints[at]! & flag) === 0) continue
    if (before !== undefined && (before[at]! & flag) !== 0) continue
    found.entities[found.count] = entities[slot]!
    found.slots[found.count++] = slot
  }
}
