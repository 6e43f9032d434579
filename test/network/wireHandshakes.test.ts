import { hasComponent } from 'bitecs'
import {
  Connected,
  Connecting,
  connectSocket,
  Disconnected,
  NetworkType,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { greeting, welcome } from '../lib/gameMaker.ts'
import { sendPieces } from '../lib/pieces.ts'
import { messagesOf, typesOf } from '../lib/recordEvents.ts'
import { clientsOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'
import {
  type AnswerCase,
  answerCases,
  type WelcomeCase,
  welcomeCases,
} from '../lib/handshakeCases.ts'
import { media, type Wire } from '../lib/wireMedia.ts'
import { spec } from '../spec.ts'

async function playAnswers({ net, connect }: Wire, wanted: AnswerCase): Promise<void> {
  const { answers, isEarly = false, afterwards = '', leaves = false, messages, gameId } = wanted
  const { world, server, port, events } = net.server()
  for (const [at, pieces] of answers.entries()) {
    events.length = 0
    const peer = await connect(port)
    const begun = isEarly ? '' : await peer.take(18)
    await sendPieces(peer, pieces)
    if (leaves) peer.end()
    if (messages === undefined) {
      await until(() => peer.isClosed, [world])
      assert.is(begun + peer.takeAll(), greeting)
      assert.equal(events, [])
      assert.is(Socket(world).failedHandshakes[server], at + 1)
      assert.equal(clientsOf(world, server), [])
      continue
    }
    if (!leaves) assert.is(begun + (await peer.take(isEarly ? 30 : 12)), greeting + welcome)
    if (afterwards !== '') peer.send(afterwards)
    const last = leaves ? [NetworkType.disconnect] : []
    const types = [NetworkType.connect, ...messages.map(() => NetworkType.data), ...last]
    await until(() => events.length >= types.length, [world])
    assert.equal(typesOf(events), types)
    assert.equal(messagesOf(events, events[0]!.socket), messages)
    if (gameId !== undefined) assert.is(Socket(world).gameId[events[0]!.socket!], gameId)
    if (leaves) {
      assert.equal(clientsOf(world, server), [])
      await until(() => peer.hasEnded)
    } else assert.is(peer.size, 0)
  }
}

async function playWelcomes({ net, listen }: Wire, wanted: WelcomeCase): Promise<void> {
  const { servers, leaves = false, afterwards = '', gameId = 0, answer, messages } = wanted
  for (const [before, after] of servers) {
    const { world, socket, events } = net.client({ gameId })
    const listener = await listen()
    const result = connectSocket(world, socket, net.address, listener.port, { async: true })
    const peer = await listener.accept()
    assert.ok(hasComponent(world, socket, Connecting))
    await sendPieces(peer, before)
    if (leaves) peer.end()
    if (answer !== undefined && answer !== '') assert.is(await peer.take(16), answer)
    await sendPieces(peer, after)
    const hasFailed = typeof messages === 'number'
    assert.is(await result, hasFailed ? messages : socket)
    assert.is(hasComponent(world, socket, Connecting), false)
    assert.ok(hasComponent(world, socket, hasFailed ? Disconnected : Connected))
    assert.is(Socket(world).connectError[socket], hasFailed ? messages : 0)
    if (afterwards !== '') peer.send(afterwards)
    const received = hasFailed ? [] : messages
    await until(() => events.length >= received.length + 1, [world])
    const types = [NetworkType.nonBlockingConnect, ...received.map(() => NetworkType.data)]
    assert.equal(typesOf(events), types)
    assert.is(events[0]!.succeeded, hasFailed ? 0 : 1)
    assert.equal(messagesOf(events), received)
    if (hasFailed) await until(() => peer.isClosed || leaves, [world])
    if (answer !== undefined) assert.is(peer.takeAll(), '')
  }
}

for (const { name, withWire } of media) {
  spec(`handshakes that a server receives over ${name}`, (it) => {
    for (const wanted of answerCases)
      it(
        `${wanted.number}: ${wanted.what}`,
        withWire((wire) => playAnswers(wire, wanted)),
      )
  })

  spec(`handshakes that a client receives over ${name}`, (it) => {
    for (const wanted of welcomeCases)
      it(
        `${wanted.number}: ${wanted.what}`,
        withWire((wire) => playWelcomes(wire, wanted)),
      )
  })
}
