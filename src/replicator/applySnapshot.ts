// Applies a snapshot to a client's world, in one order: entities, values, components and `OwnedBy`, relations, what is removed of
// them, `Remote`; then the entities that have ended.

import { addComponent, type EntityId, hasComponent, removeComponent, removeEntity } from 'bitecs'
import { OwnedBy } from '../../components/OwnedBy.ts'
import { Remote, Shown } from '../../components/replicationTags.ts'
import { collect } from '../errors/collect.ts'
import { isLive } from '../entities/liveEntities.ts'
import { type Changes } from '../replication/Changes.ts'
import { releaseReplica } from '../replication/Replicas.ts'
import { applyTargets, forgetRefs, readTargets, subjectsOf, writeRefs } from './applyReferences.ts'
import { type DeclaredComponent } from './Declared.ts'
import { type Guest, type ReplicaRow } from './Guest.ts'
import { fillRefs, forgetReplica, makeReplica } from './replicaEntities.ts'
import { type Replicator } from './Replicator.ts'
import { addLeaving } from './Timeline.ts'
import { writeComponent } from './writeFields.ts'

/** What is applied, and where. */
interface Application {
  readonly replicator: Replicator
  readonly guest: Guest
  readonly changes: Changes
  readonly row: ReplicaRow
  /** What observers of the user have thrown. */
  readonly errors: unknown[]
}

/** Applies `guest.replicas.changes`. What observers of the user throw is added to `errors`. */
export function applySnapshot(replicator: Replicator, guest: Guest, errors: unknown[]): void {
  const { changes, history } = guest.replicas
  const ints = history.ints[changes.row]!
  const row = { ints, texts: history.texts[changes.row]!, schema: history.schema }
  const application = { replicator, guest, changes, row, errors }
  for (const step of [applyNew, applyValues, addComponents, applyRelations, finish])
    for (let at = 0; at < changes.count; at++) {
      const index = changes.index[at]!
      const entity = guest.entities[index]
      if (entity !== undefined || step === applyNew) step(application, at, index, entity ?? 0)
    }
  for (let at = 0; at < changes.goneCount; at++) applyEnd(application, changes.gone[at]!)
}

/** All first, so that whatever refers to them finds them. Those that were kept over a lost connection are there. */
function applyNew(
  { replicator, guest, changes, errors }: Application,
  at: number,
  index: number,
): void {
  if (changes.isNew[at] === 0) return
  const known = guest.entities[index]
  if (known !== undefined && isLive(replicator.network, known)) return
  if (known !== undefined) forgetReplica(replicator, guest, known)
  collect(errors, () => makeReplica(replicator, guest, index))
}

function applyValues(
  { replicator, guest, changes, row }: Application,
  at: number,
  index: number,
  entity: EntityId,
): void {
  const { world, components } = replicator
  for (const component of components) {
    if (component.isTag || component.isRelation) continue
    if (!hasBit(changes.changedLow[at]!, changes.changedHigh[at]!, component)) continue
    if (!hasBit(changes.low[at]!, changes.high[at]!, component)) continue
    const isNew = !hasComponent(world, entity, component.component)
    writeComponent(row, index, entity, component, isNew)
    writeRefs(guest, row, index, entity, component)
  }
  if (changes.isNew[at] === 1) fillRefs(replicator, guest, index, entity)
}

function addComponents(
  application: Application,
  at: number,
  index: number,
  entity: EntityId,
): void {
  const { replicator, guest, changes } = application
  const { world, components } = replicator
  for (const declared of components) {
    if (declared.isRelation || !hasBit(changes.low[at]!, changes.high[at]!, declared)) continue
    const { component } = declared
    if (!hasComponent(world, entity, component))
      change(application, index, entity, () => void addComponent(world, entity, component))
  }
  const mine = OwnedBy(guest.socket.entity)
  if (changes.owned[at] === 1 && !hasComponent(world, entity, mine))
    change(application, index, entity, () => void addComponent(world, entity, mine))
}

function applyRelations(
  application: Application,
  at: number,
  index: number,
  entity: EntityId,
): void {
  const { replicator, guest, changes, row, errors } = application
  for (const component of replicator.components) {
    if (!component.isRelation) continue
    const isThere = hasBit(changes.low[at]!, changes.high[at]!, component)
    if (!isThere && !hasBit(changes.oldLow[at]!, changes.oldHigh[at]!, component)) continue
    const ended = readTargets(guest, row, index, component, isThere)
    applyTargets(replicator, guest, index, entity, component, ended, (run) =>
      change(application, index, entity, run),
    )
  }
  if (changes.isNew[at] === 0) return
  for (const { subject, pair } of subjectsOf(
    replicator,
    guest,
    guest.replicas.netId[index]!,
    entity,
  ))
    if (isLive(replicator.network, subject))
      collect(errors, () => void addComponent(replicator.world, subject, pair))
}

/** What is removed of it, and that it is a replica that is there. */
function finish(application: Application, at: number, index: number, entity: EntityId): void {
  const { replicator, guest, changes } = application
  const { world, components } = replicator
  const mine = OwnedBy(guest.socket.entity)
  let isMixed = false
  const ended: object[] = changes.owned[at] === 1 ? [] : [mine]
  for (const component of components) {
    const isThere = hasBit(changes.low[at]!, changes.high[at]!, component)
    isMixed ||= isThere && component.interpolate !== false
    const wasThere = hasBit(changes.oldLow[at]!, changes.oldHigh[at]!, component)
    if (!isThere && !component.isRelation && (wasThere || changes.isNew[at] === 1))
      ended.push(component.component)
  }
  for (const component of ended)
    if (hasComponent(world, entity, component))
      change(application, index, entity, () => removeComponent(world, entity, component))
  if (hasComponent(world, entity, Remote)) return
  change(application, index, entity, () => void addComponent(world, entity, Remote))
  if (guest.entities[index] !== entity) return
  if (isMixed) guest.timeline.coming.set(entity, changes.tick)
  else change(application, index, entity, () => void addComponent(world, entity, Shown))
}

/** Changes a replica, unless an observer of the user has removed it meanwhile. */
function change(
  { replicator, guest, errors }: Application,
  index: number,
  entity: EntityId,
  run: () => void,
): void {
  if (guest.entities[index] === entity && isLive(replicator.network, entity)) collect(errors, run)
}

/** A replica has ended or is hidden. One that is interpolated is shown until its end. */
function applyEnd({ replicator, guest, changes, errors }: Application, index: number): void {
  forgetRefs(replicator, guest, index)
  const entity = guest.entities[index]
  const isLeaving =
    entity !== undefined && endEntity(replicator, guest, index, entity, changes.tick, errors)
  if (!isLeaving) releaseReplica(guest.replicas, index)
}

/** Ends all replicas of a server that is another now. */
export function dropReplicas(replicator: Replicator, guest: Guest, errors: unknown[]): void {
  const { world, network } = replicator
  const entities = [...guest.indices.keys(), ...guest.timeline.leaving.keys()]
  for (const entity of entities) {
    forgetReplica(replicator, guest, entity)
    if (isLive(network, entity)) collect(errors, () => removeEntity(world, entity))
  }
}

/** Returns whether the entity stays for a while. */
function endEntity(
  replicator: Replicator,
  guest: Guest,
  index: number,
  entity: EntityId,
  tick: number,
  errors: unknown[],
): boolean {
  const { world, network, components } = replicator
  const spawnTick = guest.timeline.coming.get(entity)
  const subjects = subjectsOf(replicator, guest, guest.replicas.netId[index]!, entity)
  forgetReplica(replicator, guest, entity)
  if (!isLive(network, entity)) return false
  // Before it goes: where two point to each other, bitECS 0.4 would leave a pair, which the next entity with this id gets.
  for (const { subject, pair } of subjects)
    if (isLive(network, subject) && hasComponent(world, subject, pair))
      collect(errors, () => removeComponent(world, subject, pair))
  // What lives shorter than the delay ends before its spawn is shown.
  const isShown = spawnTick !== undefined || hasComponent(world, entity, Shown)
  const isMixed = components.some(
    ({ interpolate, component }) => interpolate !== false && hasComponent(world, entity, component),
  )
  if (!isShown || !isMixed) {
    collect(errors, () => removeEntity(world, entity))
    return false
  }
  addLeaving(guest.timeline, { entity, index, tick, spawnTick }, network.config.clock.now())
  collect(errors, () => removeComponent(world, entity, Remote))
  return true
}

/** Whether a mask has the bit of a component. */
function hasBit(low: number, high: number, { index }: Pick<DeclaredComponent, 'index'>): boolean {
  return ((index < 32 ? low : high) & (1 << (index & 31))) !== 0
}
