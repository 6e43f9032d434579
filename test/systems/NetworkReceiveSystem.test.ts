import {
  addEntity,
  type EntityId,
  entityExists,
  hasComponent,
  observe,
  onAdd,
  query,
  removeComponent,
} from 'bitecs'
import {
  AcceptedBy,
  type AsyncLoad,
  connectSocket,
  Connected,
  destroySocket,
  Disconnected,
  flushNetwork,
  FreedError,
  NetworkEvent,
  NetworkReceiveSystem,
  NetworkSystem,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type Link } from '../lib/TestNet.ts'
import { lineOf, logOf, onEach } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'
import { portOf, sorted } from '../lib/sockets.ts'
import { thrownBy } from '../lib/throws.ts'

function arrive({ guest, client }: Link, ...texts: string[]): void {
  for (const text of texts) say(guest, client, text)
  flushNetwork(guest)
}

function eventsOf({ host, accepted }: Link): AsyncLoad[] {
  return [...(NetworkEvent(host).events[accepted] ?? [])]
}

memorySpec('NetworkReceiveSystem', (it) => {
  it('shows the events of the tick between itself and NetworkSystem; handlers get the same objects', (net) => {
    const [a, b, c] = net.links(3)
    const { host } = a!
    const handled: AsyncLoad[] = []
    const log: string[] = []
    onEach(host, (load) => {
      handled.push(load)
      log.push(lineOf(load))
    })
    arrive(a!, 'a1')
    arrive(b!, 'b1', 'b2')
    arrive(a!, 'a2')
    assert.is(NetworkReceiveSystem(host), host)
    assert.equal(sorted(query(host, [NetworkEvent])), sorted([a!.accepted, b!.accepted]))
    assert.equal(eventsOf(c!), [])
    const ofA = eventsOf(a!)
    const ofB = eventsOf(b!)
    assert.equal(ofA.map(lineOf), [`data ${a!.accepted} a1`, `data ${a!.accepted} a2`])
    assert.equal(ofB.map(lineOf), [`data ${b!.accepted} b1`, `data ${b!.accepted} b2`])
    assert.equal(eventsOf(a!), ofA, 'as often as one looks')
    assert.equal(log, [])
    NetworkSystem(host)
    assert.equal(
      log.map((line) => line.split(' ')[2]),
      ['a1', 'b1', 'b2', 'a2'],
    )
    assert.is(handled[0], ofA[0])
    assert.is(handled[1], ofB[0])
    assert.is(handled[2], ofB[1])
    assert.is(handled[3], ofA[1])
    assert.is(query(host, [NetworkEvent]).length, 0)
    for (const load of [...ofA, ...ofB])
      assert.instance(
        thrownBy(() => load.type),
        FreedError,
      )
  })

  it('names itself in the error for what is not a world', () => {
    assert.throws(() => NetworkReceiveSystem({}), /^NetworkReceiveSystem: world must be/)
  })

  it('adds NetworkEvent once a tick, even if an observer takes it away', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    let added = 0
    observe(host, onAdd(NetworkEvent), () => {
      added++
      removeComponent(host, accepted, NetworkEvent)
    })
    for (const text of ['1', '2', '3']) arrive(a!, text)
    NetworkReceiveSystem(host)
    assert.is(eventsOf(a!).length, 3)
    assert.is(added, 1)
    NetworkSystem(host)
  })

  it('shows nothing of a client that an observer has turned out, nor of who has its id', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const heirs: EntityId[] = []
    observe(host, onAdd(Connected), (entity) => {
      destroySocket(host, entity)
      heirs.push(addEntity(host))
      assert.is(heirs.at(-1), entity)
    })
    net.clientIn(net.world(), host, server)
    NetworkReceiveSystem(host)
    assert.is(heirs.length, 1)
    assert.is(NetworkEvent(host).events[heirs[0]!], undefined)
    assert.not.ok(hasComponent(host, heirs[0]!, NetworkEvent))
    NetworkSystem(host)
  })

  it('makes the entities of new connections', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world()
    const client = net.clientIn(guest, host, server)
    say(guest, client, 'hello')
    flushNetwork(guest)
    NetworkReceiveSystem(host)
    const [accepted] = query(host, [Socket, Connected, AcceptedBy(server), NetworkEvent])
    assert.equal([...(NetworkEvent(host).events[accepted!] ?? [])].map(lineOf), [
      `connect ${accepted}`,
      `data ${accepted} hello`,
    ])
    const log = logOf(host)
    NetworkSystem(host)
    assert.equal(log, [`connect ${accepted}`, `data ${accepted} hello`])
  })

  it('takes nothing more when it is called again, nor does NetworkSystem then', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    const log = logOf(host)
    arrive(a!, '1')
    NetworkReceiveSystem(host)
    arrive(a!, '2')
    NetworkReceiveSystem(host)
    assert.is(eventsOf(a!).length, 1)
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} 1`])
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} 1`, `data ${accepted} 2`])
  })

  it('ends the events of a socket that is destroyed between the two, and gives them to nobody', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    const log = logOf(host)
    arrive(a!, 'a1', 'a2')
    arrive(b!, 'b1')
    NetworkReceiveSystem(host)
    const events = eventsOf(a!)
    destroySocket(host, a!.accepted)
    const heir = addEntity(host)
    assert.is(heir, a!.accepted)
    for (const load of events)
      assert.instance(
        thrownBy(() => load.type),
        FreedError,
      )
    NetworkSystem(host)
    assert.equal(log, [`data ${b!.accepted} b1`])
    assert.ok(entityExists(host, heir))
    assert.not.ok(hasComponent(host, heir, NetworkEvent))
    assert.is(query(host, [NetworkEvent]).length, 0)
  })

  it('shows the disconnect event before the entity goes', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    arrive(a!, 'last')
    destroySocket(a!.guest, a!.client)
    NetworkReceiveSystem(host)
    assert.equal(eventsOf(a!).map(lineOf), [`data ${accepted} last`, `disconnect ${accepted}`])
    assert.ok(hasComponent(host, accepted, Socket))
    NetworkSystem(host)
    assert.not.ok(entityExists(host, accepted))
  })

  it('adds NetworkEvent only to sockets that have an event to show', (net) => {
    const [a] = net.links(1)
    const { host, guest, client } = a!
    destroySocket(host, a!.accepted)
    NetworkReceiveSystem(guest)
    const shown = [...query(guest, [NetworkEvent])].map(
      (socket) => [...(NetworkEvent(guest).events[socket] ?? [])].length,
    )
    assert.ok(
      shown.every((count) => count > 0),
      'a client is told by no event that its server is gone',
    )
    NetworkSystem(guest)
    assert.ok(hasComponent(guest, client, Disconnected))
  })

  it('of a client that connects anew between the two: nothing of the former connection is left', (net) => {
    const [a] = net.links(1)
    const { host, guest, client, server } = a!
    const log = logOf(guest)
    say(host, a!.accepted, 'old')
    destroySocket(host, a!.accepted)
    NetworkReceiveSystem(guest)
    void connectSocket(guest, client, 'memory', portOf(host, server))
    NetworkSystem(guest)
    assert.equal(log, [])
    assert.is(query(guest, [NetworkEvent]).length, 0)
    NetworkSystem(guest)
    assert.ok(hasComponent(guest, client, Connected))
    assert.not.ok(hasComponent(guest, client, Disconnected))
  })

  it('of events that are kept past their tick: nothing is left, nor of a later tick', (net) => {
    const [link] = net.links(1)
    const { host, accepted } = link!
    const log = logOf(host)
    const kept: Iterable<AsyncLoad>[] = []
    for (const texts of [['one', 'two'], ['three'], []]) {
      arrive(link!, ...texts)
      NetworkReceiveSystem(host)
      for (const events of kept) assert.equal([...events], [])
      const events = NetworkEvent(host).events[accepted]
      assert.is(events === undefined, texts.length === 0)
      if (events !== undefined) {
        // Looked at before its handlers or not, it ends with the tick.
        if (texts.length === 2) assert.is([...events].length, 2)
        kept.push(events)
      }
      NetworkSystem(host)
      for (const events of kept) assert.equal([...events], [])
      assert.is(NetworkEvent(host).events[accepted], undefined)
    }
    assert.is(log.length, 3)
  })

  it('of a store that a system empties: the handlers get the events, and NetworkEvent goes', (net) => {
    for (const left of [undefined, []]) {
      const [link] = net.links(1)
      const { host, accepted } = link!
      const log = logOf(host)
      arrive(link!, 'one', 'two')
      NetworkReceiveSystem(host)
      NetworkEvent(host).events[accepted] = left
      NetworkSystem(host)
      assert.equal(log, [`data ${accepted} one`, `data ${accepted} two`])
      assert.not.ok(hasComponent(host, accepted, NetworkEvent))
    }
  })

  it('of events that are kept: nothing is left when their socket is destroyed', (net) => {
    const [link] = net.links(1)
    const { host, accepted } = link!
    arrive(link!, 'one')
    NetworkReceiveSystem(host)
    const events = NetworkEvent(host).events[accepted]!
    destroySocket(host, accepted)
    assert.equal([...events], [])
    NetworkSystem(host)
  })

  it('leaves no NetworkEvent on an entity that has stopped to be a socket', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    onEach(host, (load) => {
      if (load.id === accepted) destroySocket(host, accepted)
    })
    arrive(a!, 'x')
    NetworkSystem(host)
    assert.is(query(host, [NetworkEvent]).length, 0)
  })
})
