// The arena's Networking event: who comes, who goes, and what they say.
import { addComponents, addEntity, type EntityId, removeEntity } from 'bitecs'
import {
  type DataLoad,
  destroySocket,
  NetworkType,
  onNetworking,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { netIdOf } from 'bitecs-networking/replication'
import { cleanText } from '../shared/cleanText.ts'
import { type ClientMessage, readClientMessage } from '../shared/clientMessages.ts'
import {
  fieldHeight,
  fieldWidth,
  protocolVersion,
  RefusedReason,
  sayLengthMax,
  shipRadius,
  silenceMax,
  ticksPerSecond,
} from '../shared/constants.ts'
import { type ServerMessage } from '../shared/serverMessages.ts'
import { type Arena } from './Arena.ts'
import { sendEvents, sendLog, sendToAddress, sendToAll, sendToSocket } from './sendState.ts'

type Join = Extract<ClientMessage, { kind: 'join' }>

/** Subscribes the game to everything that comes from the network. */
export function handleEvents(arena: Arena): void {
  const { players, servers, watchers, world } = arena
  onNetworking(world, addEntity(world), (_world, _self, asyncLoad) => {
    switch (asyncLoad.type) {
      case NetworkType.disconnect:
        watchers.delete(asyncLoad.socket)
        if (players.has(asyncLoad.socket)) leave(arena, asyncLoad.socket)
        break
      case NetworkType.data:
        if (asyncLoad.id === servers.udp) hearDatagram(arena, asyncLoad)
        else hearSocket(arena, asyncLoad)
    }
  })
}

/** Lets those go who play over UDP and have not been heard for too long. */
export function dropSilent(arena: Arena): void {
  for (const [address, { ship, heard }] of arena.udpPlayers) {
    if (arena.tick - heard <= silenceMax * ticksPerSecond) continue
    arena.udpPlayers.delete(address)
    leave(arena, ship)
    removeEntity(arena.world, ship)
  }
}

/** TCP and WebSocket: whoever sends nonsense is disconnected. */
function hearSocket(arena: Arena, { id: socket, ip, port, buffer }: DataLoad): void {
  const { players, watchers, world } = arena
  const message = readClientMessage(buffer)
  const reply = (answer: ServerMessage): void => sendToSocket(arena, socket, answer)
  if (message === undefined) {
    arena.nonsense.note(arena.tick, ip, port)
    if (players.has(socket)) leave(arena, socket)
    watchers.delete(socket)
    destroySocket(world, socket)
  } else if (message.kind === 'join') {
    if (!players.has(socket)) join(arena, message, reply, Socket(world).type[socket]!, () => socket)
  } else if (message.kind === 'watch') {
    if (!message.wanted) watchers.delete(socket)
    else if (!watchers.has(socket)) {
      // What is new goes to the others now: this one gets it with all the rest, and not once more.
      sendEvents(arena)
      watchers.add(socket)
      sendLog(arena, socket)
    }
  } else hear(arena, players.has(socket) ? socket : undefined, message, reply)
}

/** UDP: everybody shares the server's socket, and is known by address and port. Nonsense is ignored. */
function hearDatagram(arena: Arena, { ip, port, buffer }: DataLoad): void {
  const { udpPlayers, world } = arena
  const address = `${ip} ${port}`
  const message = readClientMessage(buffer)
  const reply = (answer: ServerMessage): void => sendToAddress(arena, ip, port, answer)
  const known = udpPlayers.get(address)
  if (known !== undefined) known.heard = arena.tick
  if (message === undefined || message.kind === 'watch') return
  if (message.kind !== 'join') {
    if (known !== undefined) hear(arena, known.ship, message, reply)
    return
  }
  const token = arena.proofOf(address)
  if (message.proof !== token) reply({ kind: 'prove', token })
  else if (known !== undefined) welcome(arena, known.ship, reply)
  else
    join(arena, message, reply, SocketType.udp, () => {
      const ship = addEntity(world)
      udpPlayers.set(address, { ship, ip, port, heard: arena.tick })
      return ship
    })
}

/** What means the same over every kind of socket. */
function hear(
  arena: Arena,
  ship: EntityId | undefined,
  message: Exclude<ClientMessage, { kind: 'join' | 'watch' }>,
  reply: (message: ServerMessage) => void,
): void {
  if (message.kind === 'ping') reply({ kind: 'pong', token: message.token })
  else if (ship === undefined) return
  else if (message.kind === 'steer') arena.world.components.Steering.bits[ship] = message.bits
  else say(arena, ship, message.text)
}

function join(
  arena: Arena,
  { version, name }: Join,
  reply: (message: ServerMessage) => void,
  socketType: number,
  add: () => EntityId,
): void {
  if (version !== protocolVersion) {
    const text = 'This page is of another version of the game. Reload it.'
    reply({ kind: 'refused', reason: RefusedReason.otherVersion, text })
  } else if (arena.players.isFull) {
    const text = 'The arena is full. Try again in a moment.'
    reply({ kind: 'refused', reason: RefusedReason.full, text })
  } else {
    const ship = add()
    launch(arena, ship)
    arena.players.add(ship, socketType, name)
    welcome(arena, ship, reply)
    announce(arena, ship, 'has joined')
  }
}

/** Makes an entity a ship somewhere in the field. A socket becomes its player's ship. */
function launch({ random, world }: Arena, entity: EntityId): void {
  const { Dash, Position, Steering, Velocity } = world.components
  Position.x[entity] = shipRadius + random() * (fieldWidth - 2 * shipRadius)
  Position.y[entity] = shipRadius + random() * (fieldHeight - 2 * shipRadius)
  Velocity.x[entity] = 0
  Velocity.y[entity] = 0
  Steering.bits[entity] = 0
  Dash.charge[entity] = 1
  Dash.left[entity] = 0
  addComponents(world, entity, [Position, Velocity, Steering, Dash])
}

function welcome({ world }: Arena, ship: EntityId, reply: (message: ServerMessage) => void): void {
  reply({ kind: 'welcome', version: protocolVersion, ship: netIdOf(world, ship) })
}

function leave(arena: Arena, ship: EntityId): void {
  arena.players.remove(ship)
  announce(arena, ship, 'has left')
}

/** Who speaks is in the message: the ship of one who has just come may not be replicated yet. */
function say(arena: Arena, ship: EntityId, wanted: string): void {
  const { Player } = arena.world.components
  const text = cleanText(wanted, sayLengthMax)
  if (text === '' || Player.lines[ship]! < 1) return
  Player.lines[ship]!--
  sendToAll(arena, { kind: 'said', name: Player.name[ship]!, hue: Player.hue[ship]!, text })
}

/** Tells of people; bots come and go in silence. */
function announce(arena: Arena, ship: EntityId, what: string): void {
  const { name, socketType } = arena.world.components.Player
  if (socketType[ship] === SocketType.ws)
    sendToAll(arena, { kind: 'said', name: '', hue: 0, text: `${name[ship]} ${what}` })
}
