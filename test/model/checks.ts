import { entityExists, hasComponent, query } from 'bitecs'
import {
  Connected,
  Connecting,
  Disconnected,
  Listening,
  NetworkEvent,
  Socket,
  SocketRole,
} from 'bitecs-networking'
import { checkComplete, type Link, type Place } from './model.ts'

/** What came out of a tick is what its handlers threw. */
export function checkThrown(place: Place, error: unknown): void {
  const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  const found = error === undefined ? [] : errors
  const failure = found.find((it) => !place.thrown.includes(it))
  if (failure !== undefined) throw failure
  if (found.length !== place.thrown.length) throw new Error('an error of a handler was lost')
}

/** After a tick the tags agree with what the events have told. */
export function checkTags(place: Place): void {
  const { world } = place
  for (const entity of query(world, [NetworkEvent]))
    throw new Error(`${place.name}: ${entity} still has NetworkEvent`)
  for (const entity of Array.from(query(world, [Socket]))) {
    const tags = [Listening, Connecting, Connected, Disconnected]
    const [isListening, isConnecting, isConnected, isDisconnected] = tags.map((tag) =>
      hasComponent(world, entity, tag),
    )
    const where = `${place.name}: ${entity}`
    const count = [isListening, isConnecting, isConnected, isDisconnected].filter(Boolean).length
    if (count > 1) throw new Error(`${where} has ${count} states`)
    const role = Socket(world).role[entity]
    if (role === SocketRole.server) {
      if (isListening !== true) throw new Error(`${where} does not listen`)
      continue
    }
    if (role === SocketRole.accepted) {
      if (isConnected !== true) throw new Error(`${where} was accepted and is not connected`)
      continue
    }
    if (!place.clients.has(entity)) throw new Error(`${where} is no socket that was made`)
    const link = place.clients.get(entity)
    if (link?.losses === 1 && isDisconnected !== true) throw new Error(`${where} was lost`)
    if (link !== undefined && isDisconnected === true && link.isReal && link.connects === 1)
      if (!link.hostGone) throw new Error(`${where} is Disconnected, but its server is there`)
  }
  for (const [entity, link] of place.accepted)
    if (!hasComponent(world, entity, Connected))
      throw new Error(`${place.name}: accepted ${entity} of ${link.number} is gone`)
}

/** Nothing has touched the entities of the game. */
export function checkPlain(place: Place): void {
  const [recorder, actor] = place.plain
  for (const entity of place.plain) {
    if (!entityExists(place.world, entity))
      throw new Error(`${place.name}: entity ${entity} of the game was removed`)
    if (entity === recorder || entity === actor) continue
    for (const component of [Socket, NetworkEvent, Connected, Disconnected, Connecting])
      if (hasComponent(place.world, entity, component))
        throw new Error(`${place.name}: entity ${entity} of the game has got a component`)
  }
}

/** In the end nothing of a connection is missing. */
export function checkLink(link: Link): void {
  const where = `connection ${link.number}`
  if (!link.byEvent && link.results > 0) throw new Error(`${where}: a result nobody wanted`)
  const wasMade = link.connects === 1 && link.isReal
  if (wasMade && !link.hostGone && link.disconnects !== (link.guestGone ? 1 : 0))
    throw new Error(`${where}: ${link.disconnects} disconnects`)
  if (wasMade && !link.hostGone) checkComplete(`${where} up`, link, link.up)
  if (wasMade && !link.guestGone) {
    checkComplete(`${where} down`, link, link.down)
    const { world } = link.guest
    const tag = link.hostGone ? Disconnected : Connected
    if (!hasComponent(world, link.client, tag)) throw new Error(`${where}: wrong state at the end`)
    if (link.byEvent && link.results !== 1) throw new Error(`${where}: ${link.results} results`)
    if (link.tellsLoss && link.losses !== (link.hostGone ? 1 : 0))
      throw new Error(`${where}: ${link.losses} losses`)
  }
}
