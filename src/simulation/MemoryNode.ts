import type { World } from 'bitecs'
import { type SocketType } from '../constants/SocketType.ts'
import { type ListenerEvents } from '../transport/Transport.ts'
import { type CopyMemory } from './CopyMemory.ts'
import { type Deliveries } from './Deliveries.ts'
import { type DeliveryObserver } from './DeliveryObserver.ts'
import { type LinkDirection, type LinkState } from './LinkDirection.ts'
import { type PortTable } from './PortTable.ts'

/** Who reaches a port: everybody, or only its own machine. */
export type Reach = 'all' | 'own'

/** A listener on a port of a machine. */
export interface MemoryListener {
  readonly node: MemoryNode
  readonly type: SocketType
  /** WebSocket: the path that clients must ask for; `undefined` for any. */
  readonly path: string | undefined
  /** WebSocket: the sub-protocol to choose; `undefined` for what a client offers. */
  readonly protocol: string | undefined
  readonly reach: Reach
  readonly events: ListenerEvents
}

/** A UDP port of a machine. */
export interface MemoryEndpoint {
  readonly node: MemoryNode
  readonly reach: Reach
  /** The bytes are its own. */
  receive(bytes: Uint8Array, ip: string, port: number): void
}

/** What has an address: the nodes on it share its ports. */
export interface Machine {
  readonly ip: string
  readonly streams: PortTable<MemoryListener>
  readonly datagrams: PortTable<MemoryEndpoint>
  readonly nodes: MemoryNode[]
}

/** An end of a connection, as its node sees it. */
export interface NodeEnd {
  /** Its machine is gone: it ends, and nobody is told. A peer that keeps its connection alive finds out. */
  crash(): void
  /** The links of its network may have been cut. */
  checkKeepAlive(): void
}

/** One that has joined a network in memory: a world. */
export interface MemoryNode {
  readonly world: World
  readonly machine: Machine
  readonly network: NodeNetwork
  /** The ends of its connections. */
  readonly ends: Set<NodeEnd>
  /** Frees the ports that it listens on and its UDP ports. */
  readonly ports: Set<() => void>
  /** It has crashed: it reaches nothing more. */
  isGone: boolean
  /** Whether the world is still there and was not reset since it has joined. */
  readonly isAlive: () => boolean
  /** What was said of all links from it, and of all to it. */
  readonly out: LinkState
  readonly in: LinkState
}

/** What a node asks of its network. */
export interface NodeNetwork {
  readonly deliveries: Deliveries
  /** For what is sent: its sender uses its own memory again. */
  readonly memory: CopyMemory
  readonly observer: DeliveryObserver | undefined
  now(): number
  /** Runs what is no arrival, once, later. */
  later(delayMs: number, run: () => void): void
  /** The machine that a host means to a node. `undefined` if nothing has that name or address. */
  machineOf(from: MemoryNode, host: string): Machine | undefined
  machines(): Iterable<Machine>
  /** What carries from one node to another. */
  directionOf(from: MemoryNode, to: MemoryNode): LinkDirection
  /** Calls `run` once when nothing cuts the direction any more. */
  onHealed(direction: LinkDirection, run: () => void): void
}
