import * as assert from 'uvu/assert'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { freePort, connectWhenReady } from '../lib/freePort.ts'
import { joinServer, packet } from '../lib/gameMaker.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const document = 'docs/tick.md'

/** A GameMaker client of a program that has just been started. */
async function gameOf(port: number): Promise<RawPeer> {
  ;(await connectWhenReady(port)).destroy()
  const game = await RawPeer.connect(port)
  await joinServer(game)
  return game
}

spec('The tick', (it) => {
  it(
    'errors :: warns of a message that is too short, drops who meets a bug, and goes on',
    withDocument(document, async (programs) => {
      const port = await freePort()
      const program = programs.run('errors.ts', { 6510: port })
      const game = await gameOf(port)
      game.send(packet('0102') + packet('01000000') + packet('07000000'))
      await program.says('could not be read: readBuffer: u32 needs 4 bytes')
      await program.says('GRACE')
      await program.says('Cannot read properties of undefined')
      await until(() => game.isClosed || game.hasEnded)
      const next = await gameOf(port)
      next.send(packet('00000000'))
      await program.says('ADA')
      next.close()
    }),
  )

  it(
    'server :: notes what players want, and shows them where they are',
    withDocument(document, async (programs) => {
      const port = await freePort()
      programs.run('server.ts', { 6510: port })
      const game = await gameOf(port)
      assert.is(await game.take(16), packet('00000000'))
      game.send(packet('7f'))
      let place = 0
      while (!(place > 1)) {
        const hex = await game.take(16)
        assert.is(hex.slice(0, 24), packet('00000000').slice(0, 24))
        place = Buffer.from(hex.slice(24), 'hex').readFloatLE()
      }
      game.close()
    }),
  )

  it(
    'look :: tells of events by a system',
    withDocument(document, async (programs) => {
      const port = await freePort()
      const program = programs.run('look.ts', { 6510: port })
      const game = await gameOf(port)
      game.send(packet('010203'))
      await program.says('sent 3 bytes')
      game.close()
    }),
  )

  it(
    'observe :: tells of what is received and sent',
    withDocument(document, async (programs) => {
      const port = await freePort()
      const program = programs.run('observe.ts', { 6510: port })
      const game = await gameOf(port)
      game.send(packet('010203'))
      assert.is(await game.take(15), packet('010203'))
      await program.says('received 3 bytes from socket')
      await program.says('sent 3 bytes to socket')
      game.close()
    }),
  )

  it(
    'page :: ticks with each frame, and by a timer while the page is hidden',
    withDocument(document, async (programs) => {
      // A page's functions, played by Node: two frames, then a hidden page's timer; a tick counts.
      const page = programs.run('page.ts', {
        'const world = createWorld()': `
          const world = createWorld()
          const frames = []
          globalThis.requestAnimationFrame = (frame) => frames.push(frame)
          globalThis.document = { hidden: false }
          globalThis.setInterval = (step) => { globalThis.timer = step }
          queueMicrotask(() => {
            for (let count = 0; count < 3; count++) frames.shift()()
            console.log('frames', frames.length)
            timer()
            document.hidden = true
            timer()
          })`,
        'NetworkSystem(world)': "(NetworkSystem(world), console.log('tick'))",
      })
      assert.is(await page.exitCode, 0, page.output)
      assert.is(page.output, 'tick\ntick\ntick\nframes 1\ntick\n')
    }),
  )
})
