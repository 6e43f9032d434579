import { NetworkError } from '../constants/NetworkError.ts'
import { SocketType } from '../constants/SocketType.ts'
import { type DatagramEndpoint, type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type DeliveryEnd } from './DeliveryObserver.ts'
import { type Machine, type MemoryNode } from './MemoryNode.ts'

/** As much as UDP over IPv4 carries. */
const bytesMax = 65_507

/** UDP of one node of a network in memory. */
export function createNodeDatagrams(node: MemoryNode): DatagramTransport {
  return {
    type: SocketType.udp,
    capabilities: {
      ordered: false,
      reliable: false,
      boundaries: 'message',
      connections: false,
      messageBytesMax: bytesMax,
    },

    bind({ port }, events) {
      const { datagrams } = node.machine
      const localPort = datagrams.take(port, { node, events })
      if (localPort === undefined)
        return port === 0 ? NetworkError.tooManySockets : NetworkError.portUnavailable
      const endpoint = new NodeEndpoint(node, localPort, () => {
        if (node.ports.delete(endpoint.close)) datagrams.free(localPort)
      })
      node.ports.add(endpoint.close)
      return endpoint
    },
  }
}

class NodeEndpoint implements DatagramEndpoint {
  readonly localPort: number
  readonly pendingBytes = 0
  readonly close: () => void
  readonly #node: MemoryNode

  constructor(node: MemoryNode, localPort: number, close: () => void) {
    this.#node = node
    this.localPort = localPort
    this.close = close
  }

  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    const node = this.#node
    if (bytes.length > bytesMax) return NetworkError.tooLarge
    const machine = node.network.machineOf(node, ip)
    if (machine === undefined) return NetworkError.unreachable
    this.#carry(bytes, machine, port)
    return 0
  }

  broadcast(bytes: Uint8Array, port: number): number | NetworkError {
    if (bytes.length > bytesMax) return NetworkError.tooLarge
    for (const machine of this.#node.network.machines()) this.#carry(bytes, machine, port)
    return 1
  }

  setMulticast(): void {}

  /** A datagram to a port that nobody has is lost, as everywhere. */
  #carry(bytes: Uint8Array, machine: Machine, port: number): void {
    const node = this.#node
    const { network } = node
    const target = machine.datagrams.ownerOf(port)
    if (target === undefined || !node.ports.has(this.close)) return
    const direction = network.directionOf(node, target.node)
    const { ip } = node.machine
    const lostBefore = direction.lostPackets
    const sentMs = network.now()
    direction.sendDatagram(sentMs, bytes.length, (atMs, isCorrupt) => {
      const copy = network.memory.copy(bytes)
      if (isCorrupt) direction.damage(copy)
      network.deliveries.add(atMs, () => {
        // Whoever has the port then gets it.
        const owner = machine.datagrams.ownerOf(port)
        if (owner === undefined) return
        if (network.observer !== undefined) {
          const at = endOf(owner.node, port, this.localPort)
          network.observer.arrived(at, copy.length, sentMs)
        }
        owner.events.received(copy, ip, this.localPort)
      })
    })
    if (network.observer === undefined) return
    const from = endOf(node, this.localPort, port)
    network.observer.sent(from, bytes.length, direction.lostPackets - lostBefore)
  }
}

function endOf({ world }: MemoryNode, localPort: number, remotePort: number): DeliveryEnd {
  return { world, type: SocketType.udp, localPort, remotePort, isAccepted: undefined }
}
