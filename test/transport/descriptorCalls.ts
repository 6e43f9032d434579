// Every call that needs a descriptor, each in a world of its own.

import { createWorld, type EntityId, getAllEntities, type World } from 'bitecs'
import {
  broadcast,
  BufferKind,
  closeNetwork,
  connectSocket,
  createBuffer,
  createServer,
  createSocket,
  destroySocket,
  getBufferSize,
  loadBuffer,
  loadBufferInto,
  NetworkError,
  networkErrorName,
  NetworkSystem,
  resolveHost,
  saveBuffer,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import {
  buffer_create,
  buffer_load,
  buffer_save,
  gml_bind,
  network_create_server,
  network_create_server_raw,
  network_create_socket,
  network_create_socket_ext,
  network_resolve,
  os_is_network_connected,
} from 'bitecs-networking/gml'
import { join } from 'node:path'
import { authority, localCertificate } from '../lib/certificates.ts'
import { until } from '../lib/until.ts'

/** What a call did. */
export interface Outcome {
  /** `works`, the name of a `NetworkError`, or what GameMaker's function returned. */
  readonly result: unknown
  readonly warnings: readonly string[]
  /** What was left in its world. */
  readonly entities: number
}

/** Servers that wait for clients, and a file that can be read. */
export interface Surroundings {
  readonly host: World
  readonly tcp: number
  readonly ws: number
  readonly wss: number
  readonly file: string
  readonly folder: string
}

type Call = (world: World) => unknown

/** Runs each call; the others are not disturbed. */
export async function playCalls(around: Surroundings): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {}
  for (const [name, call] of Object.entries({ ...callsOf(around), ...gmlCalls(around) })) {
    const world = createWorld()
    const warnings: string[] = []
    setNetworkConfig(world, { warn: (message) => warnings.push(message) })
    gml_bind(world)
    const result = await call(world)
    NetworkSystem(world)
    outcomes[name] = { result, warnings, entities: getAllEntities(world).length }
    closeNetwork(world)
  }
  return outcomes
}

function callsOf({ host, tcp, ws, wss, file, folder }: Surroundings): Record<string, Call> {
  const saved = createBuffer(4, BufferKind.fixed, 1)
  const target = createBuffer(4, BufferKind.grow, 1)
  const to = (type: SocketType, name: string, port: number): Call =>
    connecting(host, type, name, port)
  return {
    'TCP server': serving(SocketType.tcp),
    'TCP server on an address': serving(SocketType.tcp, { host: '127.0.0.1' }),
    'TCP server on a name': serving(SocketType.tcp, { host: 'localhost' }),
    'WebSocket server': serving(SocketType.ws),
    'WebSocket server on an address': serving(SocketType.ws, { host: '127.0.0.1' }),
    'WebSocket server on a name': serving(SocketType.ws, { host: 'localhost' }),
    'secure server': serving(SocketType.wss, { certificate: localCertificate }),
    'UDP server': serving(SocketType.udp),
    'UDP server on an address': serving(SocketType.udp, { host: '127.0.0.1' }),
    'UDP socket': (world) => made(world, createSocket(world, SocketType.udp)),
    'TCP to an address': to(SocketType.tcp, '127.0.0.1', tcp),
    'TCP to a name': to(SocketType.tcp, 'localhost', tcp),
    'WebSocket to an address': to(SocketType.ws, '127.0.0.1', ws),
    'WebSocket to a name': to(SocketType.ws, 'localhost', ws),
    'secure WebSocket to an address': to(SocketType.wss, '127.0.0.1', wss),
    'secure WebSocket to a name': to(SocketType.wss, 'localhost', wss),
    resolveHost: async () => {
      const found = await resolveHost('localhost')
      return typeof found === 'number' ? networkErrorName(found) : 'works'
    },
    saveBuffer: () => saveBuffer(saved, join(folder, 'saved')),
    loadBuffer: async () => {
      const loaded = await loadBuffer(file)
      return typeof loaded === 'number' ? loaded : getBufferSize(loaded)
    },
    loadBufferInto: () => loadBufferInto(target, file),
  }
}

function gmlCalls({ file, folder }: Surroundings): Record<string, Call> {
  return {
    network_create_server: () => sign(network_create_server(0, 0, 4)),
    'network_create_server of UDP': () => sign(network_create_server(1, 0, 4)),
    network_create_server_raw: () => sign(network_create_server_raw(6, 0, 4)),
    'network_create_socket of UDP': () => sign(network_create_socket(1)),
    network_create_socket_ext: () => sign(network_create_socket_ext(1, 0)),
    network_resolve: () => network_resolve('localhost'),
    os_is_network_connected: () => typeof os_is_network_connected(),
    buffer_save: () => buffer_save(buffer_create(4, 0, 1), join(folder, 'gml')) ?? 'works',
    buffer_load: () => sign(buffer_load(file)),
  }
}

function sign(result: number): string {
  return result < 0 ? 'below 0' : 'works'
}

/** A server must say whether it listens: at once, or on an address of its own a little later. */
function serving(type: SocketType, options: ServerOptions = {}): Call {
  return async (world) => {
    const server = createServer(world, type, 0, options)
    if (server < 0) return networkErrorName(server)
    const { port, connectError } = Socket(world)
    await until(() => port[server] !== 0 || connectError[server] !== 0, [world])
    const error = connectError[server]!
    destroySocket(world, server)
    return networkErrorName(error) ?? 'works'
  }
}

function connecting(host: World, type: SocketType, name: string, port: number): Call {
  return async (world) => {
    const socket = createSocket(world, type)
    let result: number | undefined
    const options = type === SocketType.wss ? { ca: authority } : {}
    void connectSocket(world, socket, name, port, options).then((it) => (result = it))
    await until(() => result !== undefined, [world, host])
    destroySocket(world, socket)
    return networkErrorName(result!) ?? 'works'
  }
}

function made(world: World, socket: EntityId): string | undefined {
  if (socket < 0) return networkErrorName(socket)
  const result = broadcast(world, socket, 9, new Uint8Array(1))
  destroySocket(world, socket)
  // Some machines have no network.
  return result > 0 || result === NetworkError.unreachable ? 'works' : networkErrorName(result)
}
