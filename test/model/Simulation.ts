import {
  addEntity,
  createWorld,
  deleteWorld,
  type EntityId,
  entityExists,
  hasComponent,
  query,
  removeEntity,
  resetWorld,
} from 'bitecs'
import {
  AcceptedBy,
  type AsyncLoad,
  closeNetwork,
  Connected,
  Connecting,
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  createVirtualClock,
  destroySocket,
  Disconnected,
  flushNetwork,
  getBufferBytes,
  Listening,
  NetworkError,
  NetworkEvent,
  NetworkReceiveSystem,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  Socket,
  SocketRole,
  type Transport,
} from 'bitecs-networking'
import {
  checkComplete,
  type Command,
  expectThrow,
  Failure,
  type Link,
  pick,
  pickKey,
  type Place,
} from './model.ts'

/** Runs commands on worlds of one memory transport and checks every step against what is expected. */
export class Simulation {
  readonly #transport: Transport = createMemoryTransport()
  readonly #clock = createVirtualClock()
  readonly #hosts: Place[] = []
  readonly #guests: Place[] = []
  readonly #links: Link[] = []
  /** By the port of the client's end, which is never used twice. */
  readonly #byPort = new Map<number, Link>()
  readonly #trace: string[] = []
  #lastPort = 0
  /** Connections that were begun. */
  #attempts = 0
  #sequence = 0
  #events = 0

  constructor(hosts: number, guests: number, settings: number) {
    // Notes the port of each connecting end: connectSocket tells it only at the next tick.
    const inner = this.#transport
    this.#transport = {
      type: inner.type,
      capabilities: inner.capabilities,
      listen: (options, events) => inner.listen(options, events),
      connect: (options, events) => {
        const connection = inner.connect(options, events)
        this.#lastPort = connection.localPort
        this.#attempts++
        return connection
      },
    }
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
      for (const place of this.#places) this.#checkPlain(place)
    }
    await this.#finish()
  }

  get #places(): Place[] {
    return [...this.#hosts, ...this.#guests]
  }

  // Worlds.

  #createPlace(name: string, settings: number): Place {
    const place: Place = {
      name,
      world: createWorld(),
      servers: [],
      clients: new Map(),
      accepted: new Map(),
      plain: new Set(),
      armed: [],
      isTicking: false,
      tellsLoss: (settings & 1) === 1,
      isAsync: (settings & 2) === 2,
      thrown: [],
    }
    this.#furnish(place, settings)
    return place
  }

  #furnish(place: Place, settings: number): void {
    const { world } = place
    setNetworkConfig(world, {
      clock: this.#clock,
      warn: () => undefined,
      clientDisconnectEvents: place.tellsLoss,
      nonBlocking: place.isAsync,
      eventsPerTickMax: [4_096, 1, 3, 10][settings & 3]!,
      eventsPerSocketMax: [256, 1, 2, 5][(settings >> 2) & 3]!,
      queuedEventsMax: [1_024, 1, 4, 20][(settings >> 4) & 3]!,
      clientSendQueueBytesMax: [100_000, 500][(settings >> 1) & 1]!,
      acceptedSendQueueBytesMax: [100_000, 500][settings & 1]!,
    })
    for (let index = 0; index < 2; index++) place.plain.add(addEntity(world))
    const [recorder, actor] = [...place.plain]
    onNetworking(world, recorder!, (_world, _self, load) => {
      if (world !== place.world) throw new Error(`${place.name}: event of a former world`)
      this.#events++
      this.#check(place, load)
    })
    onNetworking(world, actor!, (_world, _self, load) => {
      if (world === place.world) this.#act(place, load)
    })
  }

  /** The world goes, with all its connections, and a new one takes its place. */
  #replaceWorld(place: Place, how: number): void {
    for (const entity of Array.from(place.clients.keys())) this.#forgetClient(place, entity)
    for (const { entity } of Array.from(place.servers)) this.#forgetServer(place, entity)
    const { world } = place
    place.plain.clear()
    if (how % 3 === 0) {
      // Without the call the connections end when something arrives for the world.
      closeNetwork(world)
      deleteWorld(world)
    } else if (how % 3 === 1) {
      deleteWorld(world)
      expectThrow(() => NetworkSystem(world), TypeError)
    } else {
      resetWorld(world)
      flushNetwork(world)
    }
    place.world = how % 3 === 2 && !place.isTicking ? world : createWorld()
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
        return this.#arm(place, [b, c, kind, a])
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
    const attempts = this.#attempts
    const port = target?.server.port ?? 1
    void connectSocket(guest.world, entity, 'memory', port, { raw })
    const localPort = this.#lastPort
    this.#log(`${guest.name}: connect ${entity} to ${port}${raw ? ' raw' : ''} by ${localPort}`)
    if (attempts === this.#attempts) return
    if (isOpen && before.isReal) throw new Failure('a socket that is connected was connected anew')
    if (before !== undefined) before.guestGone = true
    if (target === undefined) {
      guest.clients.set(entity, undefined)
      return
    }
    const link: Link = {
      number: this.#links.length,
      raw,
      guest,
      client: entity,
      host: target.host,
      port,
      isReal: raw === target.server.raw,
      accepted: undefined,
      connects: 0,
      disconnects: 0,
      results: 0,
      losses: 0,
      byEvent: guest.isAsync,
      tellsLoss: guest.tellsLoss,
      guestGone: false,
      hostGone: false,
      up: { sent: [], arrived: 0 },
      down: { sent: [], arrived: 0 },
    }
    this.#links.push(link)
    this.#byPort.set(localPort, link)
    guest.clients.set(entity, link)
  }

  #send(place: Place, b: number, c: number): void {
    const sockets = [...place.clients.keys(), ...place.accepted.keys()]
    const entity = sockets[b % Math.max(1, sockets.length)]
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
    const sockets = [...place.clients.keys(), ...place.accepted.keys()]
    const entity = sockets[b % Math.max(1, sockets.length)]
    if (entity !== undefined) this.#destroySocket(place, entity, c)
  }

  #destroySocket(place: Place, entity: EntityId, c: number): void {
    this.#log(`${place.name}: destroy ${entity}`)
    if (place.clients.has(entity)) this.#forgetClient(place, entity)
    else this.#forgetAccepted(place, entity)
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
    this.#forgetServer(host, server.entity)
    if (c % 2 === 0) destroySocket(host.world, server.entity)
    else removeEntity(host.world, server.entity)
    if (c % 3 === 0) this.#addHeir(host, server.entity)
  }

  #closeNetwork(place: Place): void {
    this.#log(`${place.name}: closeNetwork`)
    for (const entity of Array.from(place.clients.keys())) this.#forgetClient(place, entity)
    for (const { entity } of Array.from(place.servers)) this.#forgetServer(place, entity)
    closeNetwork(place.world)
    const { length } = query(place.world, [Socket])
    if (length > 0) throw new Error(`${place.name}: ${length} sockets left after closeNetwork`)
  }

  #forgetClient(place: Place, entity: EntityId): void {
    const link = place.clients.get(entity)
    if (link !== undefined) link.guestGone = true
    place.clients.delete(entity)
  }

  #forgetAccepted(place: Place, entity: EntityId): void {
    const link = place.accepted.get(entity)
    if (link !== undefined) link.hostGone = true
    place.accepted.delete(entity)
  }

  #forgetServer(place: Place, entity: EntityId): void {
    const server = place.servers.find((it) => it.entity === entity)
    if (server === undefined) return
    place.servers = place.servers.filter((it) => it !== server)
    for (const link of this.#links) if (link.port === server.port) link.hostGone = true
    for (const [client, link] of Array.from(place.accepted))
      if (link.hostGone) place.accepted.delete(client)
  }

  #tick(place: Place): void {
    this.#log(`${place.name}: tick`)
    place.isTicking = true
    place.thrown = []
    const { world } = place
    let error: unknown
    try {
      if (NetworkSystem(world) !== world) throw new Error('NetworkSystem returned no world')
    } catch (caught) {
      error = caught
    }
    place.isTicking = false
    this.#checkThrown(place, error)
    if (world === place.world) this.#checkTags(place)
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

  // What is checked.

  #check(place: Place, load: AsyncLoad): void {
    this.#log(`${place.name}: event ${JSON.stringify({ ...load.toJSON(), buffer: undefined })}`)
    switch (load.type) {
      case NetworkType.connect:
        return this.#checkConnect(place, load.socket, load.id, load.port)
      case NetworkType.disconnect:
        return place.clients.has(load.socket)
          ? this.#checkLoss(place, load.socket)
          : this.#checkDisconnect(place, load.socket)
      case NetworkType.nonBlockingConnect:
        return this.#checkResult(place, load.socket, load.succeeded)
      case NetworkType.data:
        return this.#checkData(place, load.id, getBufferBytes(load.buffer).slice())
    }
  }

  #checkConnect(place: Place, socket: EntityId, server: EntityId, port: number): void {
    const link = this.#byPort.get(port)
    if (link === undefined) throw new Failure('connect of an unknown connection')
    if (link.host !== place || link.hostGone) throw new Failure('connect after the end')
    if (++link.connects > 1) throw new Failure('a second connect')
    if (!link.isReal && link.raw) throw new Failure('raw bytes made a handshake')
    if (!place.servers.some(({ entity }) => entity === server)) throw new Failure('no such server')
    if (place.accepted.has(socket) || place.clients.has(socket) || place.plain.has(socket))
      throw new Failure('the id of a new socket is in use')
    if (!hasComponent(place.world, socket, AcceptedBy(server))) throw new Failure('not AcceptedBy')
    link.accepted = socket
    place.accepted.set(socket, link)
  }

  #checkDisconnect(place: Place, socket: EntityId): void {
    const link = place.accepted.get(socket)
    if (link === undefined) throw new Failure('disconnect of a socket that is gone')
    if (!link.guestGone && link.isReal) throw new Failure('disconnect, but the client is there')
    if (++link.disconnects > 1) throw new Failure('a second disconnect')
    place.accepted.delete(socket)
  }

  #checkLoss(place: Place, socket: EntityId): void {
    const link = place.clients.get(socket)
    if (link === undefined || link.guestGone) throw new Failure('loss of what was no connection')
    if (!link.tellsLoss) throw new Failure('clients are not told')
    if (!link.hostGone && link.isReal && link.connects === 1)
      throw new Failure('lost, but the server is there')
    if (++link.losses > 1) throw new Failure('a second loss')
  }

  #checkResult(place: Place, socket: EntityId, succeeded: number): void {
    const link = place.clients.get(socket)
    if (!place.clients.has(socket)) throw new Failure('result of a socket that is gone')
    if (link === undefined) {
      if (succeeded === 1) throw new Failure('connected to nobody')
      return
    }
    if (++link.results > 1) throw new Failure('a second result')
    if (link.down.arrived > 0 || link.losses > 0) throw new Failure('result after data')
  }

  #checkData(place: Place, socket: EntityId, bytes: Uint8Array): void {
    const ofClient = place.clients.get(socket)
    const link = ofClient ?? place.accepted.get(socket)
    if (link === undefined) throw new Failure('data for a socket that is gone')
    if (ofClient !== undefined && (link.guestGone || link.losses > 0))
      throw new Failure('data after the end')
    if (ofClient === undefined && (link.hostGone || link.disconnects > 0))
      throw new Failure('data after the end')
    if (!link.isReal) return
    const flow = ofClient === undefined ? link.up : link.down
    if (link.raw) {
      const all = Buffer.concat(flow.sent)
      const expected = all.subarray(flow.arrived, flow.arrived + bytes.length)
      if (!expected.equals(bytes)) throw new Failure('other bytes than were sent')
      flow.arrived += bytes.length
      return
    }
    const expected = flow.sent[flow.arrived++]
    if (expected === undefined) throw new Failure('more messages than were sent')
    if (!Buffer.from(expected).equals(bytes)) throw new Failure('another message than was sent')
  }

  #checkThrown(place: Place, error: unknown): void {
    const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
    const found = error === undefined ? [] : errors
    const failure = found.find((it) => !place.thrown.includes(it))
    if (failure !== undefined) throw failure
    if (found.length !== place.thrown.length) throw new Error('an error of a handler was lost')
  }

  /** After a tick the tags agree with what the events have told. */
  #checkTags(place: Place): void {
    const { world } = place
    for (const entity of query(world, [NetworkEvent]))
      throw new Error(`${place.name}: ${entity} still has NetworkEvent`)
    for (const entity of Array.from(query(world, [Socket]))) {
      const tags = [Listening, Connecting, Connected, Disconnected]
      const [isListening, isConnecting, isConnected, isDisconnected] = tags.map((tag) =>
        hasComponent(world, entity, tag),
      )
      const where = `${place.name}: ${entity}`
      const count = [isListening, isConnecting, isConnected, isDisconnected].filter(Boolean).length
      if (count > 1) throw new Error(`${where} has ${count} states`)
      const role = Socket(world).role[entity]
      if (role === SocketRole.server) {
        if (isListening !== true) throw new Error(`${where} does not listen`)
        continue
      }
      if (role === SocketRole.accepted) {
        if (isConnected !== true) throw new Error(`${where} was accepted and is not connected`)
        continue
      }
      if (!place.clients.has(entity)) throw new Error(`${where} is no socket that was made`)
      const link = place.clients.get(entity)
      if (link?.losses === 1 && isDisconnected !== true) throw new Error(`${where} was lost`)
      if (link !== undefined && isDisconnected === true && link.isReal && link.connects === 1)
        if (!link.hostGone) throw new Error(`${where} is Disconnected, but its server is there`)
    }
    for (const [entity, link] of place.accepted)
      if (!hasComponent(world, entity, Connected))
        throw new Error(`${place.name}: accepted ${entity} of ${link.number} is gone`)
  }

  #checkPlain(place: Place): void {
    const [recorder, actor] = place.plain
    for (const entity of place.plain) {
      if (!entityExists(place.world, entity))
        throw new Error(`${place.name}: entity ${entity} of the game was removed`)
      if (entity === recorder || entity === actor) continue
      for (const component of [Socket, NetworkEvent, Connected, Disconnected, Connecting])
        if (hasComponent(place.world, entity, component))
          throw new Error(`${place.name}: entity ${entity} of the game has got a component`)
    }
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
    for (const link of this.#links) this.#checkLink(link)
    for (const place of this.#places) this.#closeNetwork(place)
  }

  #checkLink(link: Link): void {
    const where = `connection ${link.number}`
    if (!link.byEvent && link.results > 0) throw new Error(`${where}: a result nobody wanted`)
    const wasMade = link.connects === 1 && link.isReal
    if (wasMade && !link.hostGone && link.disconnects !== (link.guestGone ? 1 : 0))
      throw new Error(`${where}: ${link.disconnects} disconnects`)
    if (wasMade && !link.hostGone) checkComplete(`${where} up`, link, link.up)
    if (wasMade && !link.guestGone) {
      checkComplete(`${where} down`, link, link.down)
      const { world } = link.guest
      const tag = link.hostGone ? Disconnected : Connected
      if (!hasComponent(world, link.client, tag))
        throw new Error(`${where}: wrong state at the end`)
      if (link.byEvent && link.results !== 1) throw new Error(`${where}: ${link.results} results`)
      if (link.tellsLoss && link.losses !== (link.hostGone ? 1 : 0))
        throw new Error(`${where}: ${link.losses} losses`)
    }
  }

  #log(line: string): void {
    this.#trace.push(line)
  }
}
