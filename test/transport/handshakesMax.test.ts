import { existsSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { handshakesFor, handshakesMax } from '../../src/transport/node/handshakesMax.ts'
import { spec } from '../spec.ts'

const limits = (files: number | string): string =>
  `Limit                     Soft Limit           Hard Limit           Units     
Max processes             95000                95000                processes 
Max open files            ${String(files).padEnd(21)}1048576              files     
Max locked memory         8388608              8388608              bytes     
`

spec('handshakesMax', (it) => {
  it('is a quarter of the files that the process may open, within bounds', () => {
    const cases: readonly (readonly [number, number])[] = [
      [256, 1_024],
      [1_024, 1_024],
      [4_096, 1_024],
      [8_191, 2_047],
      [16_384, 4_096],
      [1_048_576, 4_096],
    ]
    for (const [files, most] of cases) assert.is(handshakesFor(limits(files)), most, String(files))
  })

  it('is the least where nothing is known', () => {
    for (const text of ['', limits('unlimited'), 'Max open files'])
      assert.is(handshakesFor(text), 1_024)
  })

  it('is of this process', () => {
    const own = '/proc/self/limits'
    assert.is(handshakesMax(), handshakesFor(existsSync(own) ? readFileSync(own, 'utf8') : ''))
  })
})
