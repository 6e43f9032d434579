import { NetworkError } from '../constants/NetworkError.ts'
import { SocketType } from '../constants/SocketType.ts'
import { FailedConnection } from '../transport/FailedConnection.ts'
import { normalPath } from '../transport/normalPath.ts'
import { webSocketUrl } from '../transport/webSocketUrl.ts'
import {
  type Connection,
  type ConnectionEvents,
  type Transport,
  type TransportConnectOptions,
} from '../transport/Transport.ts'
import { chooseReach, isAddress } from './hosts.ts'
import { type Machine, type MemoryListener, type MemoryNode } from './MemoryNode.ts'
import { StreamEnd } from './StreamEnd.ts'

/** Where a client connects to. */
interface Target {
  readonly host: string
  readonly port: number
  /** WebSocket: with its query, as a request has it. */
  readonly path: string
  /** WebSocket: the sub-protocol that it offers; empty for none. */
  readonly protocol: string
}

/** Connections of one node of a network in memory: like TCP, or like WebSocket. */
export function createNodeStreams(node: MemoryNode, type: SocketType): Transport {
  const isTcp = type === SocketType.tcp
  return {
    type,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries: isTcp ? 'stream' : 'message',
      connections: true,
      messageBytesMax: Infinity,
      localPort: true,
    },

    listen({ port: wanted, host, webSocket = {} }, events) {
      if (webSocket.http !== undefined) return NetworkError.unsupported
      const reach = chooseReach(node, host)
      if (typeof reach === 'number') return reach
      const path = webSocket.path === undefined ? undefined : normalPath(webSocket.path)
      const protocol = webSocket.protocol || undefined
      const { streams } = node.machine
      const port = streams.take(wanted, { node, type, path, protocol, reach, events })
      if (port === undefined)
        return wanted === 0 ? NetworkError.tooManySockets : NetworkError.portUnavailable
      const close = (): void => {
        if (node.ports.delete(close)) streams.free(port)
      }
      node.ports.add(close)
      return { port, close }
    },

    connect(options, events) {
      const target = targetOf(type, options)
      if (target === undefined) return new FailedConnection(events, NetworkError.hostNotFound)
      if (node.isGone) return new FailedConnection(events, NetworkError.unreachable)
      const machine = node.network.machineOf(node, target.host)
      if (machine === undefined && !isAddress(target.host))
        return new FailedConnection(events, NetworkError.hostNotFound)
      return connect(node, type, machine, target, options.localPort ?? 0, events)
    },
  }
}

function connect(
  node: MemoryNode,
  type: SocketType,
  machine: Machine | undefined,
  target: Target,
  wantedPort: number,
  events: ConnectionEvents,
): Connection {
  const { network } = node
  const { port } = target
  const { streams, ip } = node.machine
  const localPort = streams.take(wantedPort)
  if (localPort === undefined) {
    const { tooManySockets, portUnavailable } = NetworkError
    return new FailedConnection(events, wantedPort === 0 ? tooManySockets : portUnavailable)
  }
  const free = (): void => streams.free(localPort)
  const peer = machine?.streams.ownerOf(port)?.node ?? machine?.nodes[0]
  if (machine === undefined || peer === undefined) {
    // Nobody is there, so nobody answers: the caller gives it up when its time is over.
    const nowhere = network.directionOf(node, node)
    return new StreamEnd(node, target.host, port, localPort, nowhere, type, false, free)
  }
  const out = network.directionOf(node, peer)
  const near = new StreamEnd(node, machine.ip, port, localPort, out, type, false, free)
  const back = network.directionOf(peer, node)
  const far = new StreamEnd(peer, ip, localPort, port, back, type, true)
  near.join(far)
  near.signal(() => {
    const listener = machine.streams.ownerOf(port)
    const error =
      listener?.node === peer && (listener.reach === 'all' || machine === node.machine)
        ? refusalOf(listener, type, target)
        : NetworkError.refused
    if (error !== 0 || listener === undefined) {
      far.signal(() => {
        near.vanish()
        events.failed(error === 0 ? NetworkError.refused : error)
      })
      far.vanish()
      return
    }
    // First: nothing that the server sends may arrive before it.
    far.signal(() => {
      near.attach(events)
      events.opened(near)
    })
    far.attach(listener.events.accepted(far))
  })
  return near
}

/** Why a listener does not take a client; 0 if it does. */
function refusalOf(
  listener: MemoryListener,
  type: SocketType,
  { path, protocol }: Target,
): NetworkError | 0 {
  const isAnswer = listener.path === undefined || listener.path === normalPath(path)
  // A client that offers a sub-protocol fails without one.
  const hasProtocol =
    protocol === '' || listener.protocol === undefined || listener.protocol === protocol
  if (listener.type !== type || !isAnswer || !hasProtocol) return NetworkError.handshakeFailed
  if (type === SocketType.tcp || listener.events.refuses?.() !== true) return 0
  return NetworkError.refused
}

function targetOf(
  type: SocketType,
  { host, port, protocol }: TransportConnectOptions,
): Target | undefined {
  if (type === SocketType.tcp) return { host, port, path: '', protocol: '' }
  const parsed = webSocketUrl(type, host, port)
  if (parsed === undefined) return undefined
  return { host: parsed.host, port: parsed.port, path: new URL(parsed.url).pathname, protocol }
}
