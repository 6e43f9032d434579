// The server object of a GameMaker game, event by event, in GameMaker's own words. Its clients are GameMaker games with
// the object in client/: over TCP, UDP and WebSocket, all in one room.

import {
  async_load,
  buffer_create,
  buffer_delete,
  buffer_get_size,
  buffer_grow,
  buffer_read,
  buffer_s16,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_u16,
  buffer_u8,
  buffer_write,
  ds_map_add,
  ds_map_clear,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_size,
  ds_map_values_to_array,
  gml_on_networking,
  gml_step,
  network_config_message_size_limit,
  network_create_server,
  network_destroy,
  network_send_packet,
  network_send_udp,
  network_set_config,
  network_socket_tcp,
  network_socket_udp,
  network_socket_ws,
  network_type_connect,
  network_type_data,
  network_type_disconnect,
} from 'bitecs-networking/gml'

/** What every GameMaker game has, and a JavaScript program has not. */
export interface Runner {
  readonly show_debug_message: (text: string) => void
  /** Milliseconds since the game began. */
  readonly current_time: () => number
  /** A whole number from 0 to n. */
  readonly irandom: (n: number) => number
}

/** The ports that were free. */
export interface Ports {
  readonly tcp: number
  readonly udp: number
  readonly ws: number
}

/** A game that is connected, and its player once it has joined. */
interface Client {
  /** The key in `clients`: its socket, or over UDP, where all share the server's socket, its address. */
  readonly key: number | string
  readonly socket: number
  readonly ip: string
  readonly port: number
  readonly player: number
  /** Empty until it has joined. */
  name: string
  x: number
  y: number
  /** When something came from it. */
  heard: number
}

// What clients send: an id as buffer_u8, then
const MSG_JOIN = 1 //   buffer_string name
const MSG_CHAT = 2 //   buffer_string text
const MSG_MOVE = 3 //   buffer_s16 x, buffer_s16 y
const MSG_KICK = 4 //   buffer_u16 player
const MSG_LEAVE = 5 //  nothing
const MSG_PROOF = 6 //  buffer_u16, buffer_u8: what the server asked for

// What the server sends.
const MSG_YOU = 11 //   buffer_u16 player: the one who hears it has joined
const MSG_PLAYER = 12 // buffer_u16 player, buffer_string name, buffer_s16 x, buffer_s16 y
const MSG_SAID = 13 //  buffer_u16 player, buffer_string text
const MSG_MOVED = 14 // buffer_u16 player, buffer_s16 x, buffer_s16 y
const MSG_GONE = 15 //  buffer_u16 player; 0: the server itself
const MSG_PROVE = 16 // buffer_u16, buffer_u8: over UDP, to be sent back before it joins again

const MAX_CLIENTS = 32
/** Who has not joined, and who plays over UDP, which tells of no end, may be silent for so long. */
const SILENT_MS = 10_000
/** What the server asks an unknown address over UDP. No shorter message is answered: anybody can pretend to be anybody. */
const PROVE_BYTES = 4
const MAX_PROOFS = 1024
const PROVED = -1
const MESSAGE_BYTES = 1024
const NAME_LENGTH = 16
const TEXT_LENGTH = 200

let tcp_server = -1
let udp_server = -1
let ws_server = -1
/** Clients by their keys. */
let clients = -1
/** Over UDP, by address: the number that was asked for, or PROVED. */
let proofs = -1
/** All messages are written into this buffer. */
let message = -1
let runner: Runner
let stop_listening: () => void = () => {}

/** The Create event. Takes for each kind of server the first port from this one on that is free. */
export function create(first_port: number, game: Runner): Ports {
  runner = game
  clients = ds_map_create()
  proofs = ds_map_create()
  message = buffer_create(256, buffer_grow, 1)

  const tcp = open_server(network_socket_tcp, first_port)
  const udp = open_server(network_socket_udp, first_port)
  const ws = open_server(network_socket_ws, first_port)
  tcp_server = tcp.server
  udp_server = udp.server
  ws_server = ws.server

  if (tcp_server < 0 || udp_server < 0 || ws_server < 0) {
    clean_up()
    throw new Error(`no port from ${first_port} on is free`)
  }
  stop_listening = gml_on_networking(networking)
  return { tcp: tcp.port, udp: udp.port, ws: ws.port }
}

/** The loop of the manual: takes the first port from this one on that is free. */
function open_server(type: number, first_port: number): { server: number; port: number } {
  let port = first_port
  let server = network_create_server(type, port, MAX_CLIENTS)
  while (server < 0 && port < 65535) {
    port++
    server = network_create_server(type, port, MAX_CLIENTS)
  }
  return { server, port }
}

/** The Step event. */
export function step(): void {
  gml_step()
  for (const client of all_clients()) {
    const may_be_silent = client.name !== '' && client.socket !== udp_server
    if (!may_be_silent && runner.current_time() - client.heard > SILENT_MS)
      kick(client, 'is silent')
  }
}

/** The Async - Networking event. */
function networking(): void {
  const id: number = ds_map_find_value(async_load, 'id')
  switch (ds_map_find_value(async_load, 'type')) {
    case network_type_connect: {
      if (id !== tcp_server && id !== ws_server) break
      const socket: number = ds_map_find_value(async_load, 'socket')
      network_set_config(network_config_message_size_limit, socket, MESSAGE_BYTES)
      if (add_client(socket, socket) === undefined) network_destroy(socket)
      break
    }
    case network_type_disconnect: {
      const client = find_client(ds_map_find_value(async_load, 'socket'))
      if (client !== undefined) remove_client(client, 'has left')
      break
    }
    case network_type_data:
      hear(id)
      break
  }
}

/** The Clean Up event. */
export function clean_up(): void {
  write_message(MSG_GONE, 0)
  send_to_all()
  network_destroy(tcp_server)
  network_destroy(udp_server)
  network_destroy(ws_server)
  ds_map_destroy(clients)
  ds_map_destroy(proofs)
  buffer_delete(message)
  stop_listening()
}

/** A data event. Over UDP who joins from an address that is proved is a client from then on. */
function hear(socket: number): void {
  const buffer: number = ds_map_find_value(async_load, 'buffer')
  let client = find_client(socket)
  if (socket === udp_server) {
    const ip: string = ds_map_find_value(async_load, 'ip')
    const port: number = ds_map_find_value(async_load, 'port')
    client = find_client(`${ip}:${port}`) ?? meet(ip, port, buffer)
    buffer_seek(buffer, buffer_seek_start, 0)
  }
  if (client === undefined) return
  client.heard = runner.current_time()
  if (!read_message(client, buffer)) kick(client, 'does not speak our language')
}

/** A message from an unknown address. It joins when it has sent back a number that only reaches who is there. */
function meet(ip: string, port: number, buffer: number): Client | undefined {
  if (bytes_left(buffer) < PROVE_BYTES) return undefined
  const key = `${ip}:${port}`
  const id = buffer_read(buffer, buffer_u8)
  const proof: number | undefined = ds_map_find_value(proofs, key)
  if (id === MSG_PROOF) {
    const number = buffer_read(buffer, buffer_u16) + 65536 * buffer_read(buffer, buffer_u8)
    // There is one try.
    ds_map_delete(proofs, key)
    if (proof === number || proof === PROVED) ds_map_add(proofs, key, PROVED)
    return undefined
  }
  if (id !== MSG_JOIN || ds_map_size(clients) >= MAX_CLIENTS) return undefined
  if (proof === PROVED) {
    ds_map_delete(proofs, key)
    return add_client(key, udp_server)
  }
  if (ds_map_size(proofs) >= MAX_PROOFS) ds_map_clear(proofs)
  const number = proof ?? runner.irandom(0xffffff)
  if (proof === undefined) ds_map_add(proofs, key, number)
  write_message(MSG_PROVE, number % 65536)
  buffer_write(message, buffer_u8, Math.floor(number / 65536))
  network_send_udp(udp_server, ip, port, message, buffer_tell(message))
  return undefined
}

/** Reads a message and does what it says. Gives false if it is none. */
function read_message(client: Client, buffer: number): boolean {
  if (bytes_left(buffer) < 1) return false
  const id = buffer_read(buffer, buffer_u8)
  if (client.name === '' && id !== MSG_JOIN) return false
  switch (id) {
    case MSG_JOIN:
      return join(client, printable(buffer_read(buffer, buffer_string), NAME_LENGTH))
    case MSG_CHAT: {
      const text = printable(buffer_read(buffer, buffer_string), TEXT_LENGTH)
      runner.show_debug_message(`${client.name}: ${text}`)
      write_message(MSG_SAID, client.player)
      buffer_write(message, buffer_string, text)
      send_to_all()
      return true
    }
    case MSG_MOVE:
      if (bytes_left(buffer) < 4) return false
      client.x = buffer_read(buffer, buffer_s16)
      client.y = buffer_read(buffer, buffer_s16)
      write_message(MSG_MOVED, client.player)
      buffer_write(message, buffer_s16, client.x)
      buffer_write(message, buffer_s16, client.y)
      send_to_all(client)
      return true
    case MSG_KICK: {
      if (bytes_left(buffer) < 2) return false
      const player = buffer_read(buffer, buffer_u16)
      const other = all_clients().find((other) => other.player === player)
      // The player with the lowest number is the host.
      const is_host = all_clients().every((other) => other.player >= client.player)
      if (is_host && other !== undefined) kick(other, `is kicked by ${client.name}`)
      return true
    }
    case MSG_LEAVE:
      kick(client, 'has left')
      return true
    case MSG_PROOF:
      // It was asked twice.
      return true
    default:
      return false
  }
}

/** Lets a client play. One that asks again, since no answer has reached it, is answered again. */
function join(client: Client, name: string): boolean {
  if (name === '') return false
  const is_new = client.name === ''
  if (is_new) client.name = name
  write_message(MSG_YOU, client.player)
  send(client)
  if (!is_new) return true
  runner.show_debug_message(`${name} joins as player ${client.player} from ${client.ip}`)
  for (const other of all_clients()) {
    if (other === client || other.name === '') continue
    write_player(other)
    send(client)
  }
  write_player(client)
  send_to_all()
  return true
}

function add_client(key: number | string, socket: number): Client | undefined {
  if (ds_map_size(clients) >= MAX_CLIENTS) return undefined
  const taken = all_clients().map(({ player }) => player)
  let player = 1
  while (taken.includes(player)) player++
  const ip: string = ds_map_find_value(async_load, 'ip')
  const port: number = ds_map_find_value(async_load, 'port')
  const heard = runner.current_time()
  const client: Client = { key, socket, ip, port, player, name: '', x: 0, y: 0, heard }
  ds_map_add(clients, key, client)
  return client
}

function find_client(key: number | string): Client | undefined {
  return ds_map_find_value(clients, key)
}

function all_clients(): Client[] {
  return ds_map_values_to_array(clients)
}

/** Turns a client out. It hears so first, since GameMaker games have no event for the end of their connection. */
function kick(client: Client, why: string): void {
  write_message(MSG_GONE, client.player)
  send(client)
  if (client.socket !== udp_server) network_destroy(client.socket)
  // What we destroy ourselves has no disconnect event.
  remove_client(client, why)
}

function remove_client(client: Client, why: string): void {
  ds_map_delete(clients, client.key)
  if (client.name === '') return
  runner.show_debug_message(`${client.name} ${why}`)
  write_message(MSG_GONE, client.player)
  send_to_all()
}

/** Begins a message. */
function write_message(id: number, player: number): void {
  buffer_seek(message, buffer_seek_start, 0)
  buffer_write(message, buffer_u8, id)
  buffer_write(message, buffer_u16, player)
}

function write_player(client: Client): void {
  write_message(MSG_PLAYER, client.player)
  buffer_write(message, buffer_string, client.name)
  buffer_write(message, buffer_s16, client.x)
  buffer_write(message, buffer_s16, client.y)
}

/** Sends the message that was written. */
function send(client: Client): void {
  const size = buffer_tell(message)
  if (client.socket === udp_server)
    network_send_udp(udp_server, client.ip, client.port, message, size)
  else network_send_packet(client.socket, message, size)
}

/** Sends it to everybody who has joined, but not to `except`. */
function send_to_all(except?: Client): void {
  for (const client of all_clients()) if (client !== except && client.name !== '') send(client)
}

function bytes_left(buffer: number): number {
  return buffer_get_size(buffer) - buffer_tell(buffer)
}

/** Text without control characters, which would command the terminal, and not longer than `length`. */
function printable(text: string, length: number): string {
  return text.replaceAll(/\p{C}/gu, '').slice(0, length)
}
