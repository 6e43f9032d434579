import { NetworkError } from '../constants/NetworkError.ts'
import { SocketType } from '../constants/SocketType.ts'
import {
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
} from '../transport/DatagramTransport.ts'
import { type DeliveryEnd } from './DeliveryObserver.ts'
import { chooseReach } from './hosts.ts'
import { type LinkDirection } from './LinkDirection.ts'
import { type Machine, type MemoryEndpoint, type MemoryNode, type Reach } from './MemoryNode.ts'

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

    bind({ port, host }, events) {
      const reach = chooseReach(node, host)
      if (typeof reach === 'number') return reach
      const { datagrams } = node.machine
      const localPort = datagrams.take(port, new Receiver(node, reach, events))
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

/** Who has a port. */
class Receiver implements MemoryEndpoint {
  readonly node: MemoryNode
  readonly reach: Reach
  readonly #events: DatagramEvents
  readonly #waiting: (() => void)[] = []
  /** `received` can send and so bring more: that waits until this end is done with what it has. */
  #isReceiving = false

  constructor(node: MemoryNode, reach: Reach, events: DatagramEvents) {
    this.node = node
    this.reach = reach
    this.#events = events
  }

  receive(bytes: Uint8Array, ip: string, port: number): void {
    if (this.#isReceiving) {
      this.#waiting.push(() => this.#events.received(bytes, ip, port))
      return
    }
    this.#isReceiving = true
    try {
      this.#events.received(bytes, ip, port)
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        next()
    } finally {
      this.#isReceiving = false
    }
  }
}

class NodeEndpoint implements DatagramEndpoint {
  readonly localPort: number
  readonly pendingBytes = 0
  readonly close: () => void
  readonly #node: MemoryNode
  #to: MemoryNode | undefined
  #direction: LinkDirection | undefined

  constructor(node: MemoryNode, localPort: number, close: () => void) {
    this.#node = node
    this.localPort = localPort
    this.close = close
  }

  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    const node = this.#node
    if (bytes.length > bytesMax) return NetworkError.tooLarge
    const machine = node.network.machineOf(node, ip)
    if (machine !== undefined) this.#carry(bytes, machine, port)
    return 0
  }

  broadcast(bytes: Uint8Array, port: number): number | NetworkError {
    if (bytes.length > bytesMax) return NetworkError.tooLarge
    for (const machine of this.#node.network.machines()) this.#carry(bytes, machine, port)
    return 1
  }

  setMulticast(): void {}

  /** A datagram to a port that nobody has is lost, as one to an address that nobody has. */
  #carry(bytes: Uint8Array, machine: Machine, port: number): void {
    const node = this.#node
    const { network } = node
    const target = machine.datagrams.ownerOf(port)
    if (target === undefined || !node.ports.has(this.close)) return
    if (target.reach === 'own' && machine !== node.machine) return
    const direction = this.#directionTo(target.node)
    const { ip } = node.machine
    const lostBefore = direction.lostPackets
    const sentMs = network.now()
    const arrive = (copy: Uint8Array): void => {
      // Whoever has the port then gets it.
      const owner = machine.datagrams.ownerOf(port)
      if (owner === undefined) return
      if (network.observer !== undefined) {
        const at = endOf(owner.node, port, this.localPort)
        network.observer.arrived(at, copy.length, sentMs)
      }
      owner.receive(copy, ip, this.localPort)
    }
    if (direction.isPerfect) arrive(network.memory.copy(bytes))
    else
      direction.sendDatagram(sentMs, bytes.length, (atMs, isCorrupt) => {
        const copy = network.memory.copy(bytes)
        if (isCorrupt) direction.damage(copy)
        network.deliveries.add(atMs, () => arrive(copy))
      })
    if (network.observer === undefined) return
    const from = endOf(node, this.localPort, port)
    network.observer.sent(from, bytes.length, direction.lostPackets - lostBefore)
  }

  /** The direction of the last datagram, which the next one mostly takes too. */
  #directionTo(node: MemoryNode): LinkDirection {
    if (this.#direction === undefined || node !== this.#to) {
      this.#to = node
      this.#direction = this.#node.network.directionOf(this.#node, node)
    }
    return this.#direction
  }
}

function endOf({ world }: MemoryNode, localPort: number, remotePort: number): DeliveryEnd {
  return { world, type: SocketType.udp, localPort, remotePort, isAccepted: undefined }
}
