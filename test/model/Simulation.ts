import { addEntity, type EntityId, query, removeEntity } from 'bitecs'
import {
  type AsyncLoad,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  destroySocket,
  flushNetwork,
  NetworkError,
  NetworkReceiveSystem,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import { checkEvent } from './checkEvent.ts'
import { checkLink, checkPlain, checkTags, checkThrown } from './checks.ts'
import { createNotingTransport } from './createNotingTransport.ts'
import {
  type Command,
  expectThrow,
  Failure,
  type Link,
  pick,
  pickKey,
  pickSocket,
  type Place,
} from './model.ts'
import {
  configOf,
  createLink,
  createPlace,
  endByGuest,
  forgetAccepted,
  forgetAll,
  forgetClient,
  forgetServer,
  renewWorld,
} from './places.ts'

/** Runs commands on worlds of one memory transport and checks every step against what is expected. */
export class Simulation {
  readonly #transport = createNotingTransport()
  readonly #clock = createVirtualClock()
  readonly #hosts: Place[] = []
  readonly #guests: Place[] = []
  readonly #links: Link[] = []
  /** By the port of the client's end, which is never used twice. */
  readonly #byPort = new Map<number, Link>()
  readonly #trace: string[] = []
  #sequence = 0
  #events = 0

  constructor(hosts: number, guests: number, settings: number) {
    for (let index = 0; index < hosts; index++)
      this.#hosts.push(this.#createPlace(`host${index}`, settings + index))
    for (let index = 0; index < guests; index++)
      this.#guests.push(this.#createPlace(`guest${index}`, (settings >> 3) + index))
  }

  /** What happened, for the message of a failure. */
  get trace(): string {
    return this.#trace.join('\n')
  }

  get events(): number {
    return this.#events
  }

  async run(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      await this.#do(command)
      for (const place of this.#places) checkPlain(place)
    }
    await this.#finish()
  }

  get #places(): Place[] {
    return [...this.#hosts, ...this.#guests]
  }

  // Worlds.

  #createPlace(name: string, settings: number): Place {
    const place = createPlace(name, settings)
    this.#furnish(place, settings)
    return place
  }

  #furnish(place: Place, settings: number): void {
    const { world } = place
    setNetworkConfig(world, {
      clock: this.#clock,
      warn: () => undefined,
      ...configOf(place, settings),
    })
    for (let index = 0; index < 2; index++) place.plain.add(addEntity(world))
    const [recorder, actor] = [...place.plain]
    onNetworking(world, recorder!, (_world, _self, load) => {
      if (world !== place.world) throw new Error(`${place.name}: event of a former world`)
      this.#events++
      this.#log(`${place.name}: event ${JSON.stringify({ ...load.toJSON(), buffer: undefined })}`)
      checkEvent(place, load, this.#byPort)
    })
    onNetworking(world, actor!, (_world, _self, load) => {
      if (world === place.world) this.#act(place, load)
    })
  }

  /** The world goes, with all its connections, and a new one takes its place. */
  #replaceWorld(place: Place, how: number): void {
    forgetAll(place, this.#links)
    renewWorld(place, how)
    this.#furnish(place, how)
  }

  // What can be done.

  async #do([kind, a, b, c]: Command): Promise<void> {
    const host = pick(this.#hosts, a)
    const guest = pick(this.#guests, a)
    const place = pick(this.#places, a)
    switch (kind % 26) {
      case 0:
      case 1:
        return this.#createServer(host, b)
      case 2:
      case 3:
      case 4:
        return this.#connect(guest, b, c)
      case 5:
      case 6:
      case 7:
      case 8:
        return this.#send(guest, b, c)
      case 9:
      case 10:
      case 11:
        return this.#send(host, b, c)
      case 12:
      case 13:
      case 14:
      case 15:
        return this.#tick(place)
      case 16:
      case 17:
        return this.#arm(place, [b, c, kind, a])
      case 18:
        return this.#destroy(place, b, c)
      case 19:
        if (b % 4 === 0) this.#closeNetwork(place)
        return undefined
      case 20:
        if (b % 6 === 0) {
          this.#log(`${place.name}: new world ${c % 3}`)
          this.#replaceWorld(place, c)
        }
        return undefined
      case 21:
        this.#log(`${place.name}: flush`)
        flushNetwork(place.world)
        return undefined
      case 22:
        this.#log('turn')
        await Promise.resolve()
        return undefined
      case 23:
        return this.#reconnect(guest, b, c)
      case 24:
        this.#log(`${place.name}: receive`)
        NetworkReceiveSystem(place.world)
        return undefined
      default:
        if (b % 4 === 0) return this.#destroyServer(host, c)
        place.plain.add(addEntity(place.world))
        return undefined
    }
  }

  #createServer(host: Place, b: number): void {
    const raw = b % 4 === 0
    const options = b % 5 === 0 ? { raw, maxClients: 2 } : { raw }
    const entity = createServer(host.world, this.#transport, 0, options)
    const port = Socket(host.world).port[entity]!
    host.servers.push({ entity, port, raw })
    this.#log(`${host.name}: server ${entity} on ${port}${raw ? ' raw' : ''}`)
  }

  #connect(guest: Place, b: number, c: number): void {
    const entity = createSocket(guest.world, this.#transport)
    guest.clients.set(entity, undefined)
    this.#connectTo(guest, entity, b, c)
  }

  /** Connects a client socket whose connection has ended, or one that is connected, which is refused. */
  #reconnect(guest: Place, b: number, c: number): void {
    const entity = pickKey(guest.clients, b)
    if (entity !== undefined) this.#connectTo(guest, entity, b, c)
  }

  #connectTo(guest: Place, entity: EntityId, b: number, c: number): void {
    const targets = this.#hosts.flatMap((host) => host.servers.map((server) => ({ host, server })))
    const target = c % 10 === 0 ? undefined : targets[b % Math.max(1, targets.length)]
    const raw = target === undefined ? false : c % 7 === 0 ? !target.server.raw : target.server.raw
    const before = guest.clients.get(entity)
    const isOpen = before !== undefined && before.connects === 1 && !before.hostGone
    const attempts = this.#transport.attempts
    const port = target?.server.port ?? 1
    void connectSocket(guest.world, entity, 'memory', port, { raw })
    const localPort = this.#transport.lastPort
    this.#log(`${guest.name}: connect ${entity} to ${port}${raw ? ' raw' : ''} by ${localPort}`)
    if (attempts === this.#transport.attempts) return
    if (isOpen && before.isReal) throw new Failure('a socket that is connected was connected anew')
    if (before !== undefined) endByGuest(before)
    if (target === undefined) {
      guest.clients.set(entity, undefined)
      return
    }
    const link = createLink(this.#links.length, { guest, client: entity, ...target, raw })
    this.#links.push(link)
    this.#byPort.set(localPort, link)
    guest.clients.set(entity, link)
  }

  #send(place: Place, b: number, c: number): void {
    const entity = pickSocket(place, b)
    if (entity !== undefined) this.#sendTo(place, entity, c)
  }

  #sendTo(place: Place, entity: EntityId, c: number): void {
    const ofClient = place.clients.get(entity)
    const link = ofClient ?? place.accepted.get(entity)
    const bytes = this.#message(link?.number ?? -1, c)
    const send = link?.raw === true ? sendRaw : sendPacket
    const result = send(place.world, entity, bytes)
    this.#log(`${place.name}: send ${entity} #${this.#sequence} ${bytes.length} bytes: ${result}`)
    if (result < 0) {
      const codes: number[] = [NetworkError.notConnected, NetworkError.sendQueueFull]
      if (!codes.includes(result)) throw new Error(`${place.name}: send answered ${result}`)
    } else if (link === undefined) throw new Error('sent without a connection')
    else if (result !== bytes.length + (link.raw ? 0 : 12)) throw new Error(`sent ${result}`)
    else (ofClient === undefined ? link.down : link.up).sent.push(bytes)
  }

  /** Bytes that say whose they are. */
  #message(number: number, c: number): Uint8Array {
    const size = c % 5 === 0 ? 8 : c % 50 === 1 ? 5_000 : 8 + (c % 200)
    const bytes = Buffer.alloc(size, number)
    bytes.writeInt32LE(number, 0)
    bytes.writeUInt32LE(++this.#sequence, 4)
    return bytes
  }

  #arm(place: Place, command: Command): void {
    if (place.armed.length < 5) place.armed.push(command)
  }

  #destroy(place: Place, b: number, c: number): void {
    const entity = pickSocket(place, b)
    if (entity !== undefined) this.#destroySocket(place, entity, c)
  }

  #destroySocket(place: Place, entity: EntityId, c: number): void {
    this.#log(`${place.name}: destroy ${entity}`)
    if (place.clients.has(entity)) forgetClient(place, entity)
    else forgetAccepted(place, entity)
    if (c % 2 === 0) destroySocket(place.world, entity)
    else removeEntity(place.world, entity)
    if (c % 3 === 0) this.#addHeir(place, entity)
  }

  /** bitECS gives the id out again at once: whatever is late must not reach it. */
  #addHeir(place: Place, entity: EntityId): void {
    const heir = addEntity(place.world)
    if (heir !== entity) this.#log(`${place.name}: heir ${heir} instead of ${entity}`)
    place.plain.add(heir)
  }

  #destroyServer(host: Place, c: number): void {
    const server = host.servers[c % Math.max(1, host.servers.length)]
    if (server === undefined) return
    this.#log(`${host.name}: destroy server ${server.entity}`)
    forgetServer(host, server.entity, this.#links)
    if (c % 2 === 0) destroySocket(host.world, server.entity)
    else removeEntity(host.world, server.entity)
    if (c % 3 === 0) this.#addHeir(host, server.entity)
  }

  #closeNetwork(place: Place): void {
    this.#log(`${place.name}: closeNetwork`)
    forgetAll(place, this.#links)
    closeNetwork(place.world)
    const { length } = query(place.world, [Socket])
    if (length > 0) throw new Error(`${place.name}: ${length} sockets left after closeNetwork`)
  }

  #tick(place: Place): void {
    this.#log(`${place.name}: tick`)
    place.isTicking = true
    place.ticks++
    place.sentBefore = this.#sequence
    place.thrown = []
    const { world } = place
    let error: unknown
    try {
      if (NetworkSystem(world) !== world) throw new Error('NetworkSystem returned no world')
    } catch (caught) {
      error = caught
    }
    place.isTicking = false
    checkThrown(place, error)
    if (world === place.world) checkTags(place)
  }

  // What handlers do.

  #act(place: Place, load: AsyncLoad): void {
    const command = place.armed.pop()
    if (command === undefined) return
    const [kind, b, , c] = command
    const own = 'socket' in load ? load.socket : load.id
    this.#log(`${place.name}: in the event of ${own}: ${kind % 14}`)
    switch (kind % 14) {
      case 0:
        return this.#throw(place, b)
      case 1:
        return this.#destroySocket(place, own, c)
      case 2:
        return this.#destroy(place, b, c)
      case 3:
        return this.#destroyServer(place, b)
      case 4:
        return this.#send(place, b, c)
      case 5:
        if (load.type === NetworkType.data) this.#sendTo(place, own, c)
        return undefined
      case 6:
        expectThrow(() => NetworkSystem(place.world), Error)
        NetworkReceiveSystem(place.world)
        return undefined
      case 7:
        if (c % 4 === 0) this.#closeNetwork(place)
        return undefined
      case 8:
        if (c % 4 === 0) {
          this.#log(`${place.name}: new world in a handler`)
          this.#replaceWorld(place, b)
        }
        return undefined
      case 9:
        return this.#createServer(place, b)
      case 10:
        return this.#connect(place, b, c)
      case 11:
        return this.#tickOther(b)
      case 12:
        return this.#reconnect(place, b, c)
      default:
        place.plain.add(addEntity(place.world))
        return undefined
    }
  }

  /** A tick of another world is no nested tick. */
  #tickOther(b: number): void {
    const idle = this.#places.filter(({ isTicking }) => !isTicking)
    if (idle.length > 0) this.#tick(pick(idle, b))
  }

  #throw(place: Place, b: number): void {
    const error = new Error(`armed ${b}`)
    place.thrown.push(error)
    throw error
  }

  /** Lets everything arrive; then nothing may be missing. */
  async #finish(): Promise<void> {
    for (const place of this.#places) place.armed.length = 0
    // A client that loses its server uses up a tick's budget without an event.
    const quietMin = 5 + this.#links.length
    for (let rounds = 0, quiet = 0; quiet < quietMin; rounds++) {
      if (rounds > 20_000) throw new Error('does not come to an end')
      const before = this.#events
      await Promise.resolve()
      for (const place of this.#places) this.#tick(place)
      quiet = before === this.#events ? quiet + 1 : 0
    }
    for (const link of this.#links) checkLink(link)
    for (const place of this.#places) this.#closeNetwork(place)
  }

  #log(line: string): void {
    this.#trace.push(line)
  }
}
