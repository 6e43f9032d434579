import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { bundlePage } from './Chromium.ts'

spec('the bundle of a page', (it) => {
  it('holds the browser face and bitECS, and asks for nothing more', async () => {
    const { code, metafile, warnings } = await bundlePage()
    assert.equal(warnings, [])
    const outputs = Object.values(metafile.outputs)
    // What is in it, and not only looked at: the codecs and their libraries are not.
    const inputs = outputs.flatMap((output) =>
      Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) =>
        bytesInOutput > 0 ? [path] : [],
      ),
    )
    assert.ok(Object.keys(metafile.inputs).some((path) => path.includes('dist/browser/index.js')))
    assert.equal(
      inputs.filter(
        (path) => !/dist\/browser\/|node_modules\/bitecs\/|interop\/[pP]age(Game)?\.ts$/.test(path),
      ),
      [],
    )
    const imports = outputs.flatMap((output) => output.imports)
    assert.equal(imports, [])
    assert.not(/\brequire\(|from ["']node:|\bprocess\.|\bBuffer\b/.test(code))
  })
})
