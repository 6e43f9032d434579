import { once } from 'node:events'
import { createServer } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { blocksOf, runBlock } from '../lib/documentBlocks.ts'
import { connectWhenReady, freePort } from '../lib/freePort.ts'
import { type NodeProgram } from '../lib/NodeProgram.ts'
import { RawDatagrams } from '../lib/RawDatagrams.ts'
import { spec } from '../spec.ts'

// Every TypeScript block of the README is run, as it stands but for the port, against dist.

const blocks = blocksOf('README.md', 'ts')
const [echo = '', server = '', client = '', udp = '', webSocket = '', entities = '', gml = ''] =
  blocks

spec('README', (it) => {
  it('has the blocks that these cases run', () => {
    assert.is(blocks.length, 7)
  })

  it('server :: greets and answers a GameMaker client', async () => {
    const port = await freePort()
    const program = run('server', server, port)
    try {
      const packet = 'dec0adde0c00000003000000686900'
      const socket = await connectWhenReady(port)
      socket.write(Buffer.from('bebafeca0bb0adde1000000000000000', 'hex'))
      socket.write(Buffer.from(packet, 'hex'))
      const expected = `474d3a53747564696f2d436f6e6e65637400adbeafdeebbe0df00c000000${packet}`
      let received = ''
      for await (const chunk of socket) {
        received += (chunk as Buffer).toString('hex')
        if (received.length >= expected.length) break
      }
      assert.is(received, expected)
      await program.says("says 'hi'")
    } finally {
      program.end()
    }
  })

  it('echo :: sends a message back, and has ten lines at most', async () => {
    assert.ok(echo.trim().split('\n').length <= 10)
    const port = await freePort()
    const program = run('echo', echo, port)
    try {
      const packet = 'dec0adde0c00000003000000686900'
      const socket = await connectWhenReady(port)
      socket.write(Buffer.from(`bebafeca0bb0adde1000000000000000${packet}`, 'hex'))
      let received = ''
      for await (const chunk of socket) {
        received += (chunk as Buffer).toString('hex')
        if (received.endsWith(packet)) break
      }
    } finally {
      program.end()
    }
  })

  it('client :: connects to the server and hears its own words', async () => {
    const port = await freePort()
    const programs = [run('server', server, port)]
    try {
      ;(await connectWhenReady(port)).destroy()
      const second = run('client', client, port)
      programs.push(second)
      await second.says('hello from bitECS')
    } finally {
      for (const program of programs) program.end()
    }
  })

  it('UDP :: hears what it sent', async () => {
    const program = run('udp', udp, await freePort())
    try {
      await program.says("says 'hello'")
    } finally {
      program.end()
    }
  })

  it('UDP :: answers no answer, such as its own with a forged sender', async () => {
    const port = await freePort()
    const program = run('udp-answers', udp, port)
    const datagrams = await RawDatagrams.bind()
    try {
      await program.says("says 'hello'")
      for (const text of ['you said hi', 'hi', 'you said you said hi'])
        datagrams.send(packetOf(text), port)
      // The last one is answered: those before it have been read.
      datagrams.send(packetOf('the last'), port)
      await program.says("says 'the last'")
      assert.match(program.output, "says 'hi'")
      assert.not.match(program.output, "says 'you")
    } finally {
      datagrams.close()
      program.end()
    }
  })

  it('WebSocket :: greets, shows the page, and lets its own client in', async () => {
    const port = await freePort()
    const pagePort = await freePort()
    const program = run('webSocket', webSocket.replaceAll('6511', String(pagePort)), port)
    try {
      ;(await connectWhenReady(port)).destroy()
      const greeted = new WebSocket(`ws://127.0.0.1:${port}`)
      const [greeting] = (await once(greeted, 'message')) as [Buffer]
      assert.is(greeting.toString('hex'), '474d3a53747564696f2d436f6e6e65637400')
      greeted.terminate()
      const page = await fetch(`http://127.0.0.1:${pagePort}/`, {
        headers: { connection: 'close' },
      })
      assert.is(await page.text(), 'the page')
      const elsewhere = new WebSocket(`ws://127.0.0.1:${pagePort}/game`, {
        origin: 'https://example.com',
      })
      const [error] = (await once(elsewhere, 'error')) as [Error]
      assert.is(error.message, 'Unexpected server response: 403')
      assert.is(program.hasEnded, false)
    } finally {
      program.end()
    }
  })

  it('gml :: takes the next port, and answers a GameMaker client', async () => {
    const port = await freePort()
    const taken = createServer().listen(port)
    await once(taken, 'listening')
    const program = run('gml', gml, port)
    try {
      await program.says('listening on ')
      const found = Number(/listening on (\d+)/.exec(program.output)?.[1])
      assert.ok(found > port)
      const socket = await connectWhenReady(found)
      const packet = 'dec0adde0c00000003000000686900'
      socket.write(Buffer.from(`bebafeca0bb0adde1000000000000000${packet}`, 'hex'))
      await program.says("says 'hi'")
      socket.destroy()
    } finally {
      program.end()
      taken.close()
    }
  })

  it('entities :: runs to its end', async () => {
    const program = run('entities', entities, 0)
    try {
      await program.says('port ')
      assert.is(await program.exitCode, 0)
    } finally {
      program.end()
    }
  })
})

/** Runs a block with another port than the README's. */
function run(name: string, code: string, port: number): NodeProgram {
  return runBlock('readme', `${name}-${port}`, code.replaceAll('6510', String(port)))
}

/** A packet with a text, in hex. */
function packetOf(text: string): string {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(text.length + 1)
  return `dec0adde0c000000${size.toString('hex')}${Buffer.from(`${text}\0`).toString('hex')}`
}
