import * as assert from 'uvu/assert'
import { findChromium } from '../../interop/programs.ts'
import { launchBrowser, recordConsole } from '../../lib/Browser.ts'
import { NodeProgram } from '../../lib/NodeProgram.ts'
import { specWith } from '../../lib/specWith.ts'

/** Whether a place of the canvas is painted. */
function isPainted(x: number, y: number): string {
  return `document.querySelector('canvas').getContext('2d').getImageData(${x}, ${y}, 1, 1).data[3] > 0`
}

specWith(findChromium(), 'npm run demo:replication in Chromium', (it, path) => {
  it('two browsers see each other move', async () => {
    const demo = new NodeProgram('build/demos/replication/main.js', ['--port', '0'])
    try {
      await demo.says('Ctrl+C')
      const url = /http:\S+/.exec(demo.output)![0]
      const browser = await launchBrowser(path)
      try {
        const contexts = [await browser.newContext(), await browser.newContext()]
        const [ann, bo] = await Promise.all(contexts.map((context) => context.newPage()))
        const lines = [recordConsole(ann!), recordConsole(bo!)]
        for (const page of [ann!, bo!]) {
          await page.goto(url)
          while (!(await page.evaluate<string>('document.body.innerText')).includes('Click'))
            continue
        }
        // The middle of the canvas, then a corner that only Ann's click can reach.
        for (const [clicks, x, y] of [
          ['canvas', 200, 200],
          ['', 20, 20],
        ] as const) {
          if (clicks !== '') await ann!.click(clicks)
          else
            await ann!.evaluate(`(() => {
              const canvas = document.querySelector('canvas')
              const { left, top } = canvas.getBoundingClientRect()
              const at = { clientX: left + ${x}, clientY: top + ${y} }
              canvas.dispatchEvent(new MouseEvent('click', at))
            })()`)
          while (!(await bo!.evaluate<boolean>(isPainted(x, y)))) continue
        }
        assert.equal(
          lines.flat().filter((line) => /^(error|thrown)/.test(line)),
          [],
        )
      } finally {
        await browser.close()
      }
    } finally {
      demo.end()
    }
  })
})
