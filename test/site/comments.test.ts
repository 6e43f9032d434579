import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { exportsOf } from './faceExports.ts'
import { faces } from './faces.ts'

spec('the doc comments of what is exported', (it) => {
  for (const { file } of faces)
    it(`${file} :: has one for each name`, () => {
      const names = exportsOf(file)
      assert.ok(names.length > 0)
      const bare = names.filter(({ comment }) => comment === '')
      assert.equal(
        bare.map(({ name }) => name),
        [],
      )
    })
})
