// The arena's Networking event: who comes, who goes, and what they say.
import { addComponent, addEntity, type EntityId, removeEntity } from 'bitecs'
import {
  type DataLoad,
  destroySocket,
  NetworkType,
  onNetworking,
  Socket,
  SocketType,
} from 'bitecs-networking'
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
import { type Player } from './Player.ts'
import {
  sendChangedRoster,
  sendEvents,
  sendLog,
  sendToAddress,
  sendToAll,
  sendToSocket,
} from './sendState.ts'

type Join = Extract<ClientMessage, { kind: 'join' }>

/** Subscribes the game to everything that comes from the network. */
export function handleEvents(arena: Arena): void {
  const { players, servers, watchers, world } = arena
  onNetworking(world, addEntity(world), (_world, _self, asyncLoad) => {
    switch (asyncLoad.type) {
      case NetworkType.connect:
        players.noteChange()
        break
      case NetworkType.disconnect: {
        watchers.delete(asyncLoad.socket)
        const player = players.of(asyncLoad.socket)
        if (player !== undefined) leave(arena, player)
        break
      }
      case NetworkType.data:
        if (asyncLoad.id === servers.udp) hearDatagram(arena, asyncLoad)
        else hearSocket(arena, asyncLoad)
    }
  })
}

/** Lets those go who play over UDP and have not been heard for too long. */
export function dropSilent(arena: Arena): void {
  for (const [address, { player }] of arena.udpPlayers) {
    if (arena.tick - player.heard <= silenceMax * ticksPerSecond) continue
    arena.udpPlayers.delete(address)
    leave(arena, player)
    removeEntity(arena.world, player.entity)
  }
}

/** TCP and WebSocket: whoever sends nonsense is disconnected. */
function hearSocket(arena: Arena, { id: socket, ip, port, buffer }: DataLoad): void {
  const { players, watchers, world } = arena
  const message = readClientMessage(buffer)
  const reply = (answer: ServerMessage): void => sendToSocket(arena, socket, answer)
  if (message === undefined) {
    arena.nonsense.note(arena.tick, ip, port)
    const player = players.of(socket)
    if (player !== undefined) leave(arena, player)
    watchers.delete(socket)
    destroySocket(world, socket)
  } else if (message.kind === 'join') {
    if (players.of(socket) === undefined)
      join(arena, message, reply, () =>
        players.add(socket, Socket(world).type[socket]!, message.name, arena.tick),
      )
  } else if (message.kind === 'watch') {
    if (!message.wanted) watchers.delete(socket)
    else if (!watchers.has(socket)) {
      // What is new goes to the others now: this one gets it with all the rest, and not once more.
      sendEvents(arena)
      watchers.add(socket)
      sendLog(arena, socket)
    }
  } else hear(arena, players.of(socket), message, reply)
}

/** UDP: everybody shares the server's socket, and is known by address and port. Nonsense is ignored. */
function hearDatagram(arena: Arena, { ip, port, buffer }: DataLoad): void {
  const { players, udpPlayers, world } = arena
  const address = `${ip} ${port}`
  const message = readClientMessage(buffer)
  const reply = (answer: ServerMessage): void => sendToAddress(arena, ip, port, answer)
  const known = udpPlayers.get(address)?.player
  if (known !== undefined) known.heard = arena.tick
  if (message === undefined || message.kind === 'watch') return
  if (message.kind !== 'join') {
    if (known !== undefined) hear(arena, known, message, reply)
    return
  }
  const token = arena.proofOf(address)
  if (message.proof !== token) reply({ kind: 'prove', token })
  else if (known !== undefined) welcome(known, reply)
  else
    join(arena, message, reply, () => {
      const player = players.add(addEntity(world), SocketType.udp, message.name, arena.tick)
      udpPlayers.set(address, { player, ip, port })
      return player
    })
}

/** What means the same over every kind of socket. */
function hear(
  arena: Arena,
  player: Player | undefined,
  message: Exclude<ClientMessage, { kind: 'join' | 'watch' }>,
  reply: (message: ServerMessage) => void,
): void {
  if (message.kind === 'ping') reply({ kind: 'pong', token: message.token })
  else if (player === undefined) return
  else if (message.kind === 'steer')
    arena.world.components.Steering.bits[player.entity] = message.bits
  else say(arena, player, message.text)
}

function join(
  arena: Arena,
  { version }: Join,
  reply: (message: ServerMessage) => void,
  add: () => Player,
): void {
  if (version !== protocolVersion) {
    const text = 'This page is of another version of the game. Reload it.'
    reply({ kind: 'refused', reason: RefusedReason.otherVersion, text })
  } else if (arena.players.isFull) {
    const text = 'The arena is full. Try again in a moment.'
    reply({ kind: 'refused', reason: RefusedReason.full, text })
  } else {
    const player = add()
    launch(arena, player.entity)
    welcome(player, reply)
    announce(arena, player, 'has joined')
  }
}

/** Makes an entity a ship somewhere in the field. A socket becomes its player's ship. */
function launch({ random, world }: Arena, entity: EntityId): void {
  const { Dash, Position, Steering, Velocity } = world.components
  for (const component of [Position, Velocity, Steering, Dash])
    addComponent(world, entity, component)
  Position.x[entity] = shipRadius + random() * (fieldWidth - 2 * shipRadius)
  Position.y[entity] = shipRadius + random() * (fieldHeight - 2 * shipRadius)
  Velocity.x[entity] = 0
  Velocity.y[entity] = 0
  Steering.bits[entity] = 0
  Dash.charge[entity] = 1
  Dash.left[entity] = 0
}

function welcome(player: Player, reply: (message: ServerMessage) => void): void {
  reply({
    kind: 'welcome',
    version: protocolVersion,
    player: player.id,
    width: fieldWidth,
    height: fieldHeight,
    ticksPerSecond,
  })
}

function leave(arena: Arena, player: Player): void {
  arena.players.remove(player)
  announce(arena, player, 'has left')
}

function say(arena: Arena, player: Player, wanted: string): void {
  const text = cleanText(wanted, sayLengthMax)
  if (text === '' || player.lines < 1) return
  player.lines--
  sendChangedRoster(arena) // whoever has just come is in it, so all know who speaks
  sendToAll(arena, { kind: 'said', player: player.id, text })
}

/** Tells of people; bots come and go in silence. */
function announce(arena: Arena, { name, socketType }: Player, what: string): void {
  if (socketType === SocketType.ws)
    sendToAll(arena, { kind: 'said', player: 0, text: `${name} ${what}` })
}
