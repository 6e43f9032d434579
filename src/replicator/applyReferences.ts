// Fields and relations of replicas that refer to other replicas.

import { addComponent, type EntityId, hasComponent, type Relation, removeComponent } from 'bitecs'
import { targetAt, targetCount } from '../replication/relationText.ts'
import { indexOf } from '../replication/Replicas.ts'
import { type DeclaredComponent } from './Declared.ts'
import { type Guest, type ReplicaRow } from './Guest.ts'
import { writeAt } from './readFields.ts'
import { holdRefs, readRefKey, refKey } from './RefTable.ts'
import { type Replicator } from './Replicator.ts'

const none: readonly number[] = []

/** The entity of a net id, if there is one. */
export function replicaOf({ replicas, entities }: Guest, netId: number): EntityId | undefined {
  const index = indexOf(replicas, netId)
  return index < 0 ? undefined : entities[index]
}

/** Writes what a component's fields refer to. Those that are not there are 0 until they come. */
export function writeRefs(
  guest: Guest,
  { ints, schema }: ReplicaRow,
  index: number,
  entity: EntityId,
  component: DeclaredComponent,
): void {
  for (const [field, { type, intAt, columns }] of component.declared.entries()) {
    if (type.kind !== 'ref') continue
    const netId = ints[index * schema.intWidth + intAt]! >>> 0
    holdRefs(guest.refs, refKey(index, component.index, field), netId === 0 ? none : [netId])
    writeAt(columns[0]!, entity, replicaOf(guest, netId) ?? 0)
  }
}

/** Notes the targets of a relation. Returns those that it has no more. */
export function readTargets(
  { refs }: Guest,
  { texts, schema }: ReplicaRow,
  index: number,
  component: DeclaredComponent,
  isThere: boolean,
): readonly number[] {
  const text = isThere ? texts[index * schema.textWidth + component.declared[0]!.textAt]! : ''
  const targets: number[] = []
  for (let at = 0; at < targetCount(text); at++) targets.push(targetAt(text, at))
  const before = holdRefs(refs, refKey(index, component.index, 0), targets)
  return before.filter((netId) => !targets.includes(netId))
}

/** Adds the targets of a replica's relation that are there, and removes those that it has no more. */
export function applyTargets(
  { world }: Replicator,
  guest: Guest,
  index: number,
  entity: EntityId,
  component: DeclaredComponent,
  ended: readonly number[],
  change: (run: () => void) => void,
): void {
  const relation = component.component as Relation<object>
  for (const netId of guest.refs.held.get(refKey(index, component.index, 0)) ?? none) {
    const target = replicaOf(guest, netId)
    if (target === undefined || hasComponent(world, entity, relation(target))) continue
    change(() => void addComponent(world, entity, relation(target)))
  }
  for (const netId of ended) {
    const target = replicaOf(guest, netId)
    if (target !== undefined && hasComponent(world, entity, relation(target)))
      change(() => removeComponent(world, entity, relation(target)))
  }
}

/** Those whose relations have an entity of the server as a target: who they are, and the pair with its entity here. */
export function subjectsOf(
  { components }: Replicator,
  { refs, entities }: Guest,
  netId: number,
  target: EntityId,
): { readonly subject: EntityId; readonly pair: object }[] {
  return [...(refs.holders.get(netId) ?? [])].flatMap((key) => {
    const holder = readRefKey(key)
    const { isRelation, component } = components[holder.component]!
    const subject = entities[holder.index]
    const pair = component as Relation<object>
    return isRelation && subject !== undefined ? [{ subject, pair: pair(target) }] : []
  })
}

/** A replica has ended: it refers to nothing any more. */
export function forgetRefs({ components }: Replicator, { refs }: Guest, index: number): void {
  for (const component of components)
    for (const [field, { type }] of component.declared.entries())
      if (type.kind === 'ref' || type.kind === 'relation')
        holdRefs(refs, refKey(index, component.index, field), none)
}
