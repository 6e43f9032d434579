import { hasComponent, query } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createSocket,
  NetworkSystem,
  sendPacket,
  SocketType,
} from 'bitecs-networking'
import {
  InterpolationSystem,
  joinReplication,
  OwnedBy,
  ReplicationSystem,
  Shown,
  shown,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { createGame, fieldSize } from '../../../demos/replication/game.ts'
import { NodeProgram } from '../../lib/NodeProgram.ts'
import { until } from '../../lib/until.ts'
import { spec } from '../../spec.ts'

const program = 'build/demos/replication/main.js'

interface Square {
  readonly x: number
  readonly y: number
  readonly hue: number
  readonly isMine: boolean
}

/** What the page does, without a page. */
class Player {
  readonly #world = createGame()
  readonly #socket = createSocket(this.#world, SocketType.ws)
  readonly #at = shown(this.#world, this.#world.Place)

  async join(url: string): Promise<number> {
    const connected = await connectSocket(this.#world, this.#socket, url, 0)
    return connected < 0 ? connected : joinReplication(this.#world, this.#socket)
  }

  click(x: number, y: number): void {
    sendPacket(this.#world, this.#socket, new Uint8Array(Uint16Array.of(x, y).buffer))
  }

  frame(): void {
    NetworkSystem(this.#world)
    InterpolationSystem(this.#world)
    ReplicationSystem(this.#world)
  }

  get squares(): Square[] {
    const { Place, Hue } = this.#world
    return Array.from(query(this.#world, [Place, Hue, Shown]), (square) => ({
      x: this.#at.x[square]!,
      y: this.#at.y[square]!,
      hue: Hue[square]!,
      isMine: hasComponent(this.#world, square, OwnedBy(this.#socket)),
    }))
  }

  leave(): void {
    closeNetwork(this.#world)
  }
}

spec('npm run demo:replication', (it) => {
  it('shows its options, and names a wrong one', async () => {
    const help = new NodeProgram(program, ['--help'])
    assert.is(await help.exitCode, 0, help.output)
    for (const option of ['--port N', '--seconds N', '--help']) assert.match(help.output, option)
    const wrong = new NodeProgram(program, ['--port', 'x'])
    assert.is(await wrong.exitCode, 1)
    assert.match(wrong.output, '--port must be a whole number in 0..65535, got "x"')
  })

  it('serves its page, and shows two players each other', async () => {
    const demo = new NodeProgram(program, ['--port', '0'])
    const [ann, bo] = [new Player(), new Player()]
    const frame = (): void => {
      ann.frame()
      bo.frame()
    }
    try {
      await demo.says('Ctrl+C')
      const url = /http:\S+/.exec(demo.output)![0]
      for (const path of ['', 'page.js', 'style.css'])
        assert.is((await fetch(url + path)).status, 200, path)
      const address = `${url.replace('http', 'ws')}game`
      const joined: number[] = []
      for (const player of [ann, bo])
        void player.join(address).then((result) => joined.push(result))
      await until(() => joined.length === 2, frame)
      assert.ok(
        joined.every((result) => result >= 0),
        joined.join(' '),
      )
      await until(() => ann.squares.length === 2 && bo.squares.length === 2, frame)
      const mine = ann.squares.filter(({ isMine }) => isMine)
      assert.is(mine.length, 1)
      const [{ hue, x }] = mine as [Square]
      const goal = x < fieldSize / 2 ? fieldSize : 0
      ann.click(goal, 60_000)
      const seen = (): Square => bo.squares.find((square) => square.hue === hue)!
      await until(() => Math.hypot(seen().x - goal, seen().y - fieldSize) < 5, frame)
      assert.not.ok(seen().isMine)
      ann.leave()
      await until(
        () => bo.squares.length === 1 && bo.squares[0]!.isMine,
        () => bo.frame(),
      )
      demo.end('SIGTERM')
      assert.is(await demo.exitCode, 0, demo.output)
    } finally {
      ann.leave()
      bo.leave()
      demo.end()
    }
  })
})
