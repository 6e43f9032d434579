import {
  createServer,
  destroySocket,
  getBufferBytes,
  Listening,
  NetworkError,
  networkErrorName,
  NetworkType,
  sendUdp,
  sendUdpRaw,
  Socket,
} from '../index.ts'
import { hasComponent } from 'bitecs'
import { expect, expectSame } from './expect.ts'
import { deliver, modesOf, openLanes } from './lanes.ts'
import { createMessage } from './messages.ts'
import { countOf, eventsOf, messagesOf, type Side, type Stage, type StageCase } from './Stage.ts'
import { largestTried, type Subject } from './TransportSubject.ts'

/** UDP sockets, reliable or not. */
export function datagramCases(subject: Subject): readonly StageCase[] {
  return subject.reliable === false
    ? [...cases, headerCase, sizeCase]
    : [...cases, reliableSizeCase]
}

const cases: readonly StageCase[] = [
  {
    name: 'datagrams: an event has the right keys, and the address of its sender',
    async play(stage) {
      const { up, down, host, guest } = await openLanes(stage, 'packet')
      await deliver(stage, 'packet', up, createMessage(1, 30))
      await deliver(stage, 'packet', down, createMessage(2, 40))
      const store = Socket(host.world)
      expect(hasComponent(host.world, host.entity, Listening), 'a server has Listening')
      expect(hasComponent(guest.world, guest.entity, Listening), 'a socket has Listening')
      const { type, id, ip, port, size } = {
        type: NetworkType.data,
        id: host.entity,
        ip: stage.subject.ip ?? host.events[0]!.keys['ip'],
        port: Socket(guest.world).localPort[guest.entity],
        size: 30,
      }
      const server = host.entity
      expectSame(
        host.events[0]!.keys,
        { type, id, ip, port, size, server },
        "the keys of the server's event",
      )
      expectSame(
        guest.events[0]!.keys,
        { type, id: guest.entity, ip, port: store.localPort[host.entity], size: 40 },
        "the keys of the client's event",
      )
    },
  },
  {
    name: 'datagrams: several senders are told apart, and each gets its own answer',
    async play(stage) {
      const host = await stage.server()
      echo(stage, host)
      const guests = Array.from({ length: 8 }, () => stage.client())
      const isAnswered = (): boolean => guests.every((guest) => countOf(guest, 3) > 0)
      const end = performance.now() + stage.subject.patienceMs
      while (!isAnswered()) {
        expect(performance.now() <= end, 'everybody is answered')
        for (const [number, guest] of guests.entries())
          if (countOf(guest, 3) === 0) send(stage, guest, host.port, createMessage(number, 50))
        for (let turns = 0; turns < 20 && !isAnswered(); turns++) await stage.settle(1)
      }
      for (const [number, guest] of guests.entries())
        for (const bytes of messagesOf(guest))
          expectSame([...bytes], [...createMessage(number, 50)], 'the answer')
      const ports = new Set(eventsOf(host, NetworkType.data).map(({ keys }) => keys['port']))
      expectSame(ports.size, 8, 'the number of different ports')
    },
  },
  {
    name: 'datagrams: what is sent to a port that nobody has disturbs nobody',
    async play(stage) {
      const { up, host, guest } = await openLanes(stage, 'packet')
      const gone = await stage.server()
      destroySocket(gone.world, gone.entity)
      for (let count = 0; count < 5; count++) {
        expect(send(stage, guest, gone.port, createMessage(1, 20)) > 0, 'sendUdp takes it')
        await stage.settle(2)
      }
      await deliver(stage, 'packet', up, createMessage(2, 20))
      expectSame([countOf(host, 3), gone.events.length], [1, 0], 'the events')
    },
  },
  {
    name: 'datagrams: a port is taken once, and free again when its socket is gone',
    async play(stage) {
      const { world, entity, port } = await stage.server()
      const { transport, server } = stage.subject
      const other = stage.world().world
      expectSame(
        networkErrorName(createServer(other, transport, port, server)),
        'portUnavailable',
        'what createServer gives for a taken port',
      )
      destroySocket(world, entity)
      await stage.until(
        () => createServer(other, transport, port, server) >= 0,
        'the port is free again',
      )
    },
  },
  {
    name: 'datagrams: nothing is received after a socket is destroyed',
    async play(stage) {
      const { up, host, guest } = await openLanes(stage, 'packet')
      await deliver(stage, 'packet', up, createMessage(1, 20))
      const before = host.events.length
      send(stage, guest, host.port, createMessage(2, 20))
      destroySocket(host.world, host.entity)
      send(stage, guest, host.port, createMessage(3, 20))
      await stage.settle(30)
      expectSame(host.events.length, before, 'the number of events')
      expectSame(
        sendUdp(host.world, host.entity, stage.subject.host, guest.port, createMessage(4, 20)),
        NetworkError.unknownSocket,
        'what sendUdp gives for it',
      )
    },
  },
]

/** Peers that are not GameMaker send no header: such a datagram is delivered whole. */
const headerCase: StageCase = {
  name: 'datagrams: with a header and without are told apart',
  async play(stage) {
    for (const mode of modesOf(stage.subject)) {
      const { up } = await openLanes(stage, mode)
      await deliver(stage, mode, up, new TextEncoder().encode(mode))
      expectSame(new TextDecoder().decode(up.received()[0]), mode, 'the message')
    }
  },
}

const sizeCase: StageCase = {
  name: 'datagrams: one that is too large gives a negative code',
  async play(stage) {
    const { up, guest } = await openLanes(stage, 'packet')
    const { host: to, capabilities } = stage.subject
    const bytes = new Uint8Array(capabilities.messageBytesMax + 1)
    const { world, entity, port } = guest
    expectSame(sendUdpRaw(world, entity, to, port, bytes), NetworkError.tooLarge, 'sendUdpRaw')
    expectSame(sendUdp(world, entity, to, port, bytes, bytes.length - 12), -9, 'sendUdp')
    await deliver(stage, 'packet', up, createMessage(1, 20))
  },
}

const reliableSizeCase: StageCase = {
  name: 'datagrams: a message above the limit of reliable UDP gives a negative code',
  async play(stage) {
    const { up, guest } = await openLanes(stage, 'packet')
    const { world, entity, port } = guest
    const bytes = new Uint8Array(largestTried + 1)
    expectSame(
      sendUdp(world, entity, stage.subject.host, port, bytes),
      NetworkError.tooLarge,
      'sendUdp',
    )
    await deliver(stage, 'packet', up, createMessage(1, 20))
  },
}

function send(
  { subject }: Stage,
  { world, entity }: Side,
  port: number,
  bytes: Uint8Array,
): number {
  return sendUdp(world, entity, subject.host, port, bytes)
}

/** Answers every message with itself. */
function echo(stage: Stage, { world }: Side): void {
  stage.listen(world, (load) => {
    if (load.type === NetworkType.data)
      sendUdp(world, load.id, load.ip, load.port, getBufferBytes(load.buffer))
  })
}
