import { build } from 'esbuild'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type DocumentPrograms, withDocument } from '../lib/DocumentPrograms.ts'
import { freePort } from '../lib/freePort.ts'
import { type NodeProgram } from '../lib/NodeProgram.ts'
import { spec } from '../spec.ts'

const document = 'docs/replication.md'

/** Puts game.mjs beside the others, and bundles the page as the document says. */
async function makePage(programs: DocumentPrograms): Promise<void> {
  const { folder } = programs
  for (const name of ['game.mjs', 'page.mjs'])
    writeFileSync(join(folder, name), programs.code(name))
  await build({
    entryPoints: [join(folder, 'page.mjs')],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    tsconfigRaw: {},
  })
}

/** The page's program, played by Node: each square is printed, and `clicked` clicks once it has joined. */
function visit(programs: DocumentPrograms, port: number, clicked?: string): NodeProgram {
  return programs.run('page.mjs', {
    "document.querySelector('canvas')": `{ getContext: () => ({
        clearRect() {},
        fillRect(x, y) { console.log('at', Math.round(x + 8), Math.round(y + 8), this.fillStyle) },
      }) }
      globalThis.requestAnimationFrame = (frame) => setTimeout(frame, 16)`,
    '${location.host}': `localhost:${port}`,
    "throw new Error('no game')": `throw new Error('no game')
      else ${clicked === undefined ? '{}' : `canvas.onclick(${clicked})`}`,
  })
}

spec('Replication', (it) => {
  it(
    'game, server, page :: two pages see the square that one of them moves',
    withDocument(document, async (programs) => {
      await makePage(programs)
      const port = await freePort()
      const server = programs.run('server.mjs', { 3000: port })
      await server.says(`open http://localhost:${port} in two browsers`)
      const html = await (await fetch(`http://localhost:${port}/`)).text()
      assert.match(html, 'src=page.js')
      const code = await (await fetch(`http://localhost:${port}/page.js`)).text()
      assert.match(code, 'requestAnimationFrame')
      const bo = visit(programs, port)
      await bo.says('at 200 200')
      const ann = visit(programs, port, '{ offsetX: 30, offsetY: 399 }')
      await Promise.all([ann.says('at 30 399'), bo.says('at 30 399')])
      assert.is(server.hasEnded, false, server.output)
    }),
  )
})
