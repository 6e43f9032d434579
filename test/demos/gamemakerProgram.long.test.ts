import { createServer } from 'node:net'
import * as assert from 'uvu/assert'
import { freePort } from '../lib/freePort.ts'
import { type GameWire, overTcp, overUdp, overWebSocket } from '../lib/GameWire.ts'
import { annJoins } from '../lib/gameMakerScript.ts'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { RawListener } from '../lib/RawListener.ts'
import { spec } from '../spec.ts'

const program = 'build/demos/gamemaker/main.js'
const idle = (): void => {}

/** Runs the program and gives what it has printed when it has ended by itself. */
async function outputOf(code: number, ...args: string[]): Promise<string> {
  const demo = new NodeProgram(program, args)
  assert.is(await demo.exitCode, code, demo.output)
  return demo.output
}

function portIn(output: string, type: string): number {
  return Number(new RegExp(`${type} +port (\\d+)`).exec(output)?.[1])
}

spec('npm run demo:gamemaker', (it) => {
  it('tells its options', async () => {
    const output = await outputOf(0, '--help')
    for (const option of ['--port N', '--seconds N', '--help']) assert.match(output, option)
  })

  for (const [args, message] of [
    [['--port', '0'], '--port must be a whole number in 1..65535, got "0"'],
    [['--port', '6510.5'], '--port must be a whole number in 1..65535, got "6510.5"'],
    [['--port', 'x'], '--port must be a whole number in 1..65535, got "x"'],
    [['--seconds', '0'], '--seconds must be a whole number in 1..86400, got "0"'],
    [['--fast'], "Unknown option '--fast'"],
    [['6510'], "Unexpected argument '6510'"],
  ] as const)
    it(`answers ${args.join(' ')}`, async () => {
      const output = await outputOf(1, ...args)
      assert.ok(output.startsWith(message), output)
      assert.match(output, 'Usage: npm run demo:gamemaker')
    })

  it('tries and prints the next ports, plays, and ends when it is asked to', async () => {
    const taken = await RawListener.listen()
    const demo = new NodeProgram(program, ['--port', String(taken.port)])
    const games: GameWire[] = []
    try {
      await demo.says('Ctrl-C')
      const ports = ['tcp', 'udp', 'ws'].map((type) =>
        portIn(demo.output, `network_socket_${type}`),
      )
      const [tcp, udp, ws] = ports as [number, number, number]
      assert.ok(tcp > taken.port && ws > tcp && udp >= taken.port, demo.output)
      games.push(await overTcp(tcp, idle), await overWebSocket(ws, idle), await overUdp(udp, idle))
      const [asks, hears] = annJoins
      games[0]!.send(asks!.hex)
      await games[0]!.hears(hears!.hex, idle)
      for (const game of games.slice(1)) game.send(asks!.hex)
      // Over UDP it is asked for a number first, which the wire sends back.
      await games[2]!.hears('dec0adde0c000000030000000b0300', idle)
      await demo.says('Ann joins as player 2')
      await demo.says('Ann joins as player 3')
      demo.end('SIGTERM')
      assert.is(await demo.exitCode, 0, demo.output)
      assert.match(demo.output, 'the server has ended')
    } finally {
      demo.end()
      for (const game of games) game.leave()
      taken.close()
    }
  })

  it('stops after the given time', async () => {
    const port = String(await freePort())
    assert.match(await outputOf(0, '--port', port, '--seconds', '1'), 'the server has ended')
  })

  it('says so when no port is free', async () => {
    // Taken by us, or by somebody else.
    const last = createServer().on('error', () => {})
    await new Promise((resolve) => {
      last.once('error', resolve).listen(65_535, () => resolve(undefined))
    })
    try {
      const output = await outputOf(1, '--port', '65535')
      assert.ok(output.startsWith('no port from 65535 on is free'), output)
    } finally {
      last.close()
    }
  })
})
