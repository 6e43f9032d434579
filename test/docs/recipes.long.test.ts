import * as assert from 'uvu/assert'
import { type CliProgram, Programs } from '../cli/CliProgram.ts'
import { type DocumentPrograms, withDocument } from '../lib/DocumentPrograms.ts'
import { connectWhenReady, freePort } from '../lib/freePort.ts'
import { joinServer, packet, u32 } from '../lib/gameMaker.ts'
import { RawDatagrams } from '../lib/RawDatagrams.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { spec } from '../spec.ts'
import { CutProxy } from './CutProxy.ts'

/** A case with programs of a recipe, and with the command line as its clients. */
function withRecipe(
  name: string,
  run: (programs: DocumentPrograms, clients: Programs) => Promise<void>,
): () => Promise<void> {
  return withDocument(`docs/recipes/${name}.md`, async (programs) => {
    const clients = new Programs()
    try {
      await run(programs, clients)
    } finally {
      clients.kill()
    }
  })
}

/** A packet of a u8 and a text, or other bytes, in hex. */
function ask(id: number, rest = ''): string {
  return packet(id.toString(16).padStart(2, '0') + rest)
}

function text(content: string): string {
  return `${Buffer.from(content).toString('hex')}00`
}

/** Waits for a packet, and gives its u8 and its text. */
async function told(peer: RawPeer): Promise<[number, string]> {
  const header = Buffer.from(await peer.take(12), 'hex')
  const payload = Buffer.from(await peer.take(header.readUInt32LE(8)), 'hex')
  return [payload[0]!, payload.toString('utf8', 1, payload.length - 1)]
}

async function playerOf(port: number): Promise<RawPeer> {
  const peer = await RawPeer.connect(port)
  await joinServer(peer)
  return peer
}

spec('recipes', (it) => {
  it(
    'lobby :: has rooms to create, list, join, talk in and leave',
    withRecipe('lobby', async (programs) => {
      const port = await freePort()
      programs.run('lobby.ts', { 6510: port })
      ;(await connectWhenReady(port)).destroy()
      const ann = await playerOf(port)
      ann.send(ask(1, text('den')))
      const [entered, who] = await told(ann)
      assert.is(entered, 2)
      assert.match(who, /^\d+ is in den$/)
      const bo = await playerOf(port)
      bo.send(ask(4))
      const [rooms, list] = await told(bo)
      assert.is(rooms, 1)
      const room = Number(/^(\d+) 1\/4 den$/.exec(list)![1])
      bo.send(ask(2, u32(999)))
      assert.equal(await told(bo), [5, 'no such room, or it is full'])
      bo.send(ask(2, u32(room)))
      for (const peer of [ann, bo]) assert.is((await told(peer))[0], 2)
      bo.send(ask(5, text('hello')))
      for (const peer of [ann, bo]) assert.match((await told(peer)).join(' '), /^4 \d+: hello$/)
      // The host goes without a word: the other is the host now, and alone.
      ann.close()
      const [left, words] = await told(bo)
      assert.is(left, 3)
      const [gone, host] = /(\d+) has left; the host is (\d+)/.exec(words)!.slice(1)
      assert.is.not(gone, host)
      bo.send(ask(3) + ask(4))
      assert.equal(await told(bo), [1, ''])
      bo.close()
    }),
  )

  it(
    'lobby :: can be used from a terminal',
    withRecipe('lobby', async (programs) => {
      const port = await freePort()
      programs.run('lobby.ts', { 6510: port })
      ;(await connectWhenReady(port)).destroy()
      const ann = programs.run('player.ts', { 6510: port })
      await ann.says('create, join, leave, list, say\n')
      ann.type('creat den')
      await ann.says('no such word: creat\n')
      ann.type('create small den')
      await ann.says(' is in small den\n')
      const bo = programs.run('player.ts', { 6510: port })
      bo.type('join x')
      await bo.says('no such room')
      bo.type('list')
      await bo.says(' 1/4 small den\n')
      const [, room] = /(\d+) 1\/4/.exec(bo.output)!
      bo.type(`join ${room}`)
      await bo.says(' is in small den\n')
      bo.type('say hello there')
      await ann.says(': hello there\n')
      bo.endInput()
      assert.is(await bo.exitCode, 0, bo.output)
      await ann.says(' has left')
    }),
  )

  it(
    'chat :: passes on what is said, in measure, and tells the last lines to who comes later',
    withRecipe('chat', async (programs, clients) => {
      const port = await freePort()
      programs.run('chat.ts', { 6510: port })
      ;(await connectWhenReady(port)).destroy()
      const talk = (...lines: string[]): CliProgram => {
        const client = clients.run(`connect ws://localhost:${port}`)
        for (const line of lines) client.type(line)
        return client
      }
      const ann = talk('Ann', '1', '2', '3', '4', '5', '6', '7')
      await ann.prints('"Ann: 5\\0"')
      const bo = talk('Bo')
      await ann.prints('"* Bo has come\\0"')
      await bo.prints('"Ann: 1\\0"')
      assert.not.match(bo.output, 'Ann: 7')
      ann.kill()
      await bo.prints('"* Ann has left\\0"')
    }),
  )

  it(
    'reconnect :: gives a player back to who has the token, and lets others go',
    withRecipe('reconnect', async (programs) => {
      const port = await freePort()
      const proxy = await CutProxy.listen(port)
      try {
        const server = programs.run('server.ts', { 6510: port, '30 * hz': '1 * hz' })
        ;(await connectWhenReady(port)).destroy()
        const client = programs.run('client.ts', { 6510: proxy.port, '500 *': '50 *' })
        await client.says("playing\n'1 points'")
        await server.says('a new player')
        proxy.cut()
        await client.says("no connection\nplaying\n'2 points'")
        await server.says('back with 1 points')
        proxy.close()
        await client.says("'2 points'\nno connection\nno connection")
        await server.says('gone')
        assert.is(server.hasEnded, false)
      } finally {
        proxy.close()
      }
    }),
  )

  it(
    'docker :: serves TCP and UDP, and ends when it is asked to',
    withRecipe('docker', async (programs) => {
      const [tcp, udp] = [await freePort(), await freePort()]
      const server = programs.run('server.mjs', { 6510: tcp, 6511: udp })
      await server.says('ready')
      const player = await playerOf(tcp)
      player.send(packet('6869'))
      assert.is(await player.take(14), packet('6869'))
      const datagrams = await RawDatagrams.bind()
      // "ping" is answered with "pong", and "pong" with nothing: two such servers do not talk for ever, nor one with itself.
      const [ping, pong] = [packet('70696e6700'), packet('706f6e6700')]
      for (const sent of [ping, pong, packet('6869'), ping]) datagrams.send(sent, udp)
      assert.is((await datagrams.take()).hex, pong)
      assert.is((await datagrams.take()).hex, pong)
      assert.equal(datagrams.received, [])
      datagrams.close()
      server.end('SIGTERM')
      assert.is(await server.exitCode, 0, server.output)
      player.close()
    }),
  )
})
