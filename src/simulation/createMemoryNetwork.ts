import type { World } from 'bitecs'
import { bindDatagramSocket } from '../api/bindDatagramSocket.ts'
import { setNetworkConfig } from '../api/setNetworkConfig.ts'
import { type Clock } from '../clock/Clock.ts'
import { defaultConfig } from '../config/NetworkConfig.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketType } from '../constants/SocketType.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { checkClock, checkFunction } from '../errors/optionChecks.ts'
import { networkOf } from '../network/networkOf.ts'
import { createHostNames } from '../transport/HostNames.ts'
import { chooseConditions } from './chooseConditions.ts'
import { CopyMemory } from './CopyMemory.ts'
import { createNodeDatagrams } from './createNodeDatagrams.ts'
import { createNodeStreams } from './createNodeStreams.ts'
import { Deliveries } from './Deliveries.ts'
import { type DeliveryObserver } from './DeliveryObserver.ts'
import { perfectLine } from './LinkConditions.ts'
import { isAddress, isOwnMachine } from './hosts.ts'
import { LinkDirection, type LinkState, type LinkTotals } from './LinkDirection.ts'
import {
  type Between,
  type ConditionsChoice,
  type JoinOptions,
  type MemoryNetwork,
  type MemoryNetworkOptions,
} from './MemoryNetwork.ts'
import {
  type Machine,
  type MemoryEndpoint,
  type MemoryListener,
  type MemoryNode,
  type NodeNetwork,
} from './MemoryNode.ts'
import { PortTable } from './PortTable.ts'

const defaultIp = '127.0.0.1'

const networkOptionChecks: OptionTable<MemoryNetworkOptions> = {
  clock: checkClock,
  random: checkFunction,
  conditions() {},
}

const joinOptionChecks: OptionTable<JoinOptions> = {
  ip(where, name, value) {
    if (typeof value !== 'string' || !isAddress(value))
      throw wrongType(where, name, 'a numeric address', value)
  },
  names(where, name, value) {
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'string' && each !== ''))
      throw wrongType(where, name, 'an array of host names', value)
  },
}

const betweenChecks: OptionTable<Between> = { from() {}, to() {} }

/**
 * Makes a network in memory. Worlds that join it use it by the types of sockets they use anyway: the code of a game stays as
 * it is. With a virtual clock and seeded random numbers a run is the same every time.
 *
 * With perfect conditions everything arrives at once, before the call that sent it returns. Otherwise it arrives by timers of
 * the clock.
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  return createObservedNetwork('createMemoryNetwork', options, undefined)
}

/** Makes a network in memory, with an observer that counts what it carries. */
export function createObservedNetwork(
  where: string,
  options: MemoryNetworkOptions,
  observer: DeliveryObserver | undefined,
): MemoryNetwork {
  const checked = checkOptions(where, 'option', options, networkOptionChecks)
  return new WorldNetwork(where, checked, observer)
}

class WorldNetwork implements MemoryNetwork, NodeNetwork {
  readonly deliveries: Deliveries
  readonly memory: CopyMemory = new CopyMemory()
  readonly observer: DeliveryObserver | undefined
  readonly #clock: Clock
  readonly #random: () => number
  readonly #nodes = new Map<World, MemoryNode>()
  /** By address and by name. */
  readonly #machines = new Map<string, Machine>()
  readonly #directions = new Map<MemoryNode, Map<MemoryNode, LinkDirection>>()
  /** What waits until a direction passes again. */
  readonly #waiting = new Map<LinkDirection, (() => void)[]>()
  /** What was said of all links. */
  readonly #all: LinkState
  /** What was said of one direction of one link. */
  readonly #single = new WeakMap<LinkDirection, LinkState>()
  readonly #totals: LinkTotals = { lostPackets: 0, changes: 0 }

  constructor(
    where: string,
    options: MemoryNetworkOptions,
    observer: DeliveryObserver | undefined,
  ) {
    this.observer = observer
    const { clock, random } = { ...defaultConfig(), ...options }
    const { conditions = {} } = options
    this.#clock = clock
    this.#random = random
    this.#all = { conditions: chooseConditions(where, perfectLine, conditions), isCut: false }
    this.deliveries = new Deliveries(clock)
  }

  now(): number {
    return this.#clock.now()
  }

  later(delayMs: number, run: () => void): void {
    this.#clock.setTimer(run, delayMs, true)
  }

  join(world: World, options: JoinOptions = {}): void {
    const where = 'join'
    const network = networkOf(where, world)
    const { ip = defaultIp, names = [] } = checkOptions(where, 'option', options, joinOptionChecks)
    const former = this.#nodes.get(world)
    if (former?.isAlive() === true) throw new TypeError(`${where}: the world has joined already`)
    // It was reset, and is another world now.
    if (former !== undefined) this.#remove(world, former)
    const node = this.#addNode(world, ip, names, network.isAlive)
    this.#nodes.set(world, node)
    const { tcp, ws, wss, udp } = SocketType
    for (const type of [tcp, ws, wss]) network.transports.set(type, createNodeStreams(node, type))
    network.transports.set(udp, createNodeDatagrams(node))
    setNetworkConfig(world, { clock: this.#clock, random: this.#random })
    network.bindDatagrams = bindDatagramSocket
    const lookUp = (host: string): readonly string[] | NetworkError => this.#addressesOf(node, host)
    network.hostNames = createHostNames(network.config, lookUp, network.isAlive)
  }

  setConditions(choice: ConditionsChoice, between: Between = {}): void {
    const where = 'setConditions'
    const state = this.#stateOf(where, between)
    const before = state.conditions ?? this.#all.conditions ?? perfectLine
    const conditions = chooseConditions(where, before, choice)
    this.#forget(between, (other) => (other.conditions = undefined))
    state.conditions = conditions
    this.#totals.changes++
  }

  cut(between: Between = {}): void {
    const state = this.#stateOf('cut', between)
    this.#forget(between, (other) => (other.isCut = undefined))
    state.isCut = true
    this.#totals.changes++
    for (const { ends } of this.#nodes.values()) for (const end of ends) end.checkKeepAlive()
  }

  heal(between: Between = {}): void {
    const state = this.#stateOf('heal', between)
    this.#forget(between, (other) => (other.isCut = undefined))
    state.isCut = false
    this.#totals.changes++
    for (const [direction, waiting] of this.#waiting) {
      if (direction.isCut) continue
      this.#waiting.delete(direction)
      for (const run of waiting) run()
    }
    this.#dropDirections()
  }

  crash(world: World): void {
    this.#remove(world, this.#nodeOf('crash', world))
  }

  #remove(world: World, node: MemoryNode): void {
    const { ends, ports, machine } = node
    node.isGone = true
    for (const end of ends) end.crash()
    for (const free of ports) free()
    machine.nodes.splice(machine.nodes.indexOf(node), 1)
    this.#nodes.delete(world)
    this.#dropDirections()
  }

  /** Those of nodes that are gone, but for what waits to be healed. */
  #dropDirections(): void {
    for (const [from, directions] of this.#directions) {
      for (const [to, direction] of directions)
        if ((from.isGone || to.isGone) && !this.#waiting.has(direction)) directions.delete(to)
      if (directions.size === 0) this.#directions.delete(from)
    }
  }

  get lostPackets(): number {
    return this.#totals.lostPackets
  }

  get onTheirWay(): number {
    return this.deliveries.count
  }

  machineOf(from: MemoryNode, host: string): Machine | undefined {
    const machine = this.#machines.get(host)
    if (machine === from.machine) return machine
    return isOwnMachine(host) ? from.machine : (machine ?? this.#machines.get(host.toLowerCase()))
  }

  machines(): Iterable<Machine> {
    return new Set(this.#machines.values())
  }

  directionOf(from: MemoryNode, to: MemoryNode): LinkDirection {
    return this.#directions.get(from)?.get(to) ?? this.#addDirection(from, to)
  }

  #addDirection(from: MemoryNode, to: MemoryNode): LinkDirection {
    const directions = getOrAdd(this.#directions, from, () => new Map<MemoryNode, LinkDirection>())
    return getOrAdd(directions, to, () => {
      const own: LinkState = { conditions: undefined, isCut: undefined }
      const direction = new LinkDirection(
        [own, from.out, to.in, this.#all],
        this.#random,
        this.#totals,
      )
      this.#single.set(direction, own)
      return direction
    })
  }

  onHealed(direction: LinkDirection, run: () => void): void {
    getOrAdd(this.#waiting, direction, () => []).push(run)
  }

  #addNode(world: World, ip: string, names: readonly string[], isAlive: () => boolean): MemoryNode {
    const machine = getOrAdd(this.#machines, ip.toLowerCase(), () => ({
      ip,
      streams: new PortTable<MemoryListener>(),
      datagrams: new PortTable<MemoryEndpoint>(),
      nodes: [],
    }))
    for (const name of names) this.#machines.set(name.toLowerCase(), machine)
    const node: MemoryNode = {
      world,
      machine,
      network: this,
      ends: new Set(),
      ports: new Set(),
      isGone: false,
      isAlive,
      out: { conditions: undefined, isCut: undefined },
      in: { conditions: undefined, isCut: undefined },
    }
    machine.nodes.push(node)
    return node
  }

  #nodeOf(where: string, world: World): MemoryNode {
    const node = this.#nodes.get(world)
    if (node === undefined) throw wrongType(where, 'world', 'a world that has joined', world)
    return node
  }

  #addressesOf(from: MemoryNode, host: string): readonly string[] | NetworkError {
    const machine = this.machineOf(from, host)
    return machine === undefined ? NetworkError.hostNotFound : [machine.ip]
  }

  /** What keeps what is said of the links between. */
  #stateOf(where: string, between: Between): LinkState {
    const { from, to } = checkOptions(where, 'direction', between, betweenChecks)
    const near = from && this.#nodeOf(where, from)
    const far = to && this.#nodeOf(where, to)
    if (near !== undefined && far !== undefined)
      return this.#single.get(this.directionOf(near, far))!
    return near?.out ?? far?.in ?? this.#all
  }

  /** What is said of many links holds for each of them, whatever was said of it alone. */
  #forget({ from, to }: Between, forget: (state: LinkState) => void): void {
    const near = from && this.#nodes.get(from)
    const far = to && this.#nodes.get(to)
    for (const [start, directions] of this.#directions)
      for (const [end, direction] of directions)
        if ((near ?? start) === start && (far ?? end) === end) forget(this.#single.get(direction)!)
    if (near !== undefined || far !== undefined) return
    for (const node of this.#nodes.values()) {
      forget(node.out)
      forget(node.in)
    }
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
