import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { createBuffer } from '../../../src/buffer/createBuffer.ts'
import { writeBuffer } from '../../../src/buffer/writeBuffer.ts'
import { BufferKind } from '../../../src/constants/BufferKind.ts'
import { BufferType } from '../../../src/constants/BufferType.ts'
import { buffer_fill } from '../../../src/gml/buffer/bufferCopying.ts'
import { addBuffer, findBuffer, removeBuffer } from '../../../src/gml/buffer/bufferHandles.ts'
import { buffer_seek, buffer_tell, buffer_write } from '../../../src/gml/buffer/bufferReadWrite.ts'
import { buffer_seek_start, buffer_u8 } from '../../../src/gml/constants.ts'
import { ds_list_find_value } from '../../../src/gml/ds/dsListFunctions.ts'
import {
  ds_map_create,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_size,
} from '../../../src/gml/ds/dsMapFunctions.ts'
import { ds_map_add_map, ds_map_is_list } from '../../../src/gml/ds/dsMapOwned.ts'
import {
  ds_map_secure_load,
  ds_map_secure_load_buffer,
  ds_map_secure_save,
  ds_map_secure_save_buffer,
} from '../../../src/gml/ds/dsMapSecure.ts'
import { json_encode } from '../../../src/gml/ds/jsonFunctions.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { checkUnknown, mapOf, noHandles } from './dsHelpers.ts'
import { withSetting } from '../withSetting.ts'

/** What is saved for {"a":1}, by means of the platform alone. */
function sealedBy(json: string): string {
  const digest = createHash('sha1').update(json).digest('hex')
  return Buffer.from(digest + json).toString('base64')
}

// Put together with sha1sum and base64.
const golden = 'OWY4OWM3NDBjZWI0NmQ3NDE4YzkyNGE3OGFjNTc5NDFkNWU5NjUyMHsiYSI6MX0='

function withFolder(run: (folder: string) => void): () => void {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'secure-'))
    try {
      run(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function bufferWith(text: string): number {
  const buffer = createBuffer(0, BufferKind.grow, 2)
  writeBuffer(buffer, BufferType.string, text)
  buffer.position = 0
  return addBuffer(buffer)
}

spec('ds_map_secure_save and _load', (it) => {
  it(
    'keep a map in a file, arrays as lists',
    withFolder((folder) => {
      const file = join(folder, 'inner', 'map.sav')
      const map = mapOf(['a', 'é€😀'], ['array', [1, 2]])
      const child = mapOf(['x', undefined])
      ds_map_add_map(map, 'child', child)
      assert.is(ds_map_secure_save(map, file), true)
      const back = ds_map_secure_load(file)
      assert.ok(back >= 0 && back !== map)
      assert.is(json_encode(back), '{"a":"é€😀","array":[1,2],"child":{"x":null}}')
      assert.is(ds_map_is_list(back, 'array'), true)
      assert.is(ds_list_find_value(ds_map_find_value(back, 'array'), 1), 2)
      assert.is(ds_map_secure_save(mapOf(), file), true)
      assert.is(ds_map_size(ds_map_secure_load(file)), 0)
    }),
  )

  it(
    'take both kinds of slashes, as the buffer functions do',
    withFolder((folder) => {
      assert.is(ds_map_secure_save(mapOf(['a', 1]), `${folder}\\inner\\map.sav`), true)
      assert.is(readFileSync(join(folder, 'inner', 'map.sav'), 'utf8'), golden)
      assert.ok(ds_map_secure_load(`${folder}\\inner/map.sav`) >= 0)
    }),
  )

  it(
    'write base64 of digest and JSON, and nothing that changes from time to time',
    withFolder((folder) => {
      const file = join(folder, 'map.sav')
      ds_map_secure_save(mapOf(['a', 1]), file)
      assert.is(readFileSync(file, 'utf8'), sealedBy('{"a":1}'))
    }),
  )

  it(
    'give -1 for a file that was changed, is not there, or is no such file',
    withFolder((folder) => {
      const file = join(folder, 'map.sav')
      assert.is(ds_map_secure_load(file), -1)
      assert.is(ds_map_secure_load(folder), -1)
      const text = sealedBy('{"a":1}')
      const contents = ['', 'x', '{"a":1}', `${text}\n`, ` ${text}`, text.slice(0, -4)]
      contents.push(text.replaceAll('=', ''), `${text}AAAA`, sealedBy('{"a":'), sealedBy(''))
      for (const content of contents) {
        writeFileSync(file, content)
        assert.is(ds_map_secure_load(file), -1, content)
      }
      writeFileSync(file, Buffer.from([0xff, 0xfe, 0]))
      assert.is(ds_map_secure_load(file), -1)
      writeFileSync(file, text)
      assert.ok(ds_map_secure_load(file) >= 0)
    }),
  )

  it(
    'tell of failure and wrong arguments',
    withFolder((folder) => {
      const map = mapOf(['a', 1])
      assert.is(ds_map_secure_save(map, folder), false)
      for (const name of ['', undefined, null, 5]) {
        const part = 'filename must be the path of a file'
        throwsError(() => ds_map_secure_save(map, wrong(name)), 'TypeError', 'secure_save: ', part)
        throwsError(() => ds_map_secure_load(wrong(name)), 'TypeError', 'secure_load: ', part)
      }
      ds_map_add_map(map, 'self', map)
      const file = join(folder, 'map.sav')
      throwsError(
        () => ds_map_secure_save(map, file),
        'RangeError',
        'ds_map_secure_save: ',
        'itself',
      )
      const stale = ds_map_create()
      ds_map_destroy(stale)
      const name = 'ds_map_secure_save'
      checkUnknown([[name, (id) => ds_map_secure_save(id, file), false]], [], stale)
      assert.is(ds_map_secure_load(file), -1)
    }),
  )
})

spec('ds_map_secure_save_buffer and _load_buffer', (it) => {
  it('write at the position and read there, and move it', () => {
    const buffer = addBuffer(createBuffer(0, BufferKind.grow, 4))
    assert.is(ds_map_secure_save_buffer(mapOf(['a', 1]), buffer), undefined)
    const end = golden.length + 1
    assert.is(findBuffer('test', buffer)?.position, end)
    ds_map_secure_save_buffer(mapOf(['b', 2]), buffer)
    findBuffer('test', buffer)!.position = 0
    assert.is(json_encode(ds_map_secure_load_buffer(buffer)), '{"a":1}')
    assert.is(findBuffer('test', buffer)?.position, end)
    assert.is(json_encode(ds_map_secure_load_buffer(buffer)), '{"b":2}')
  })

  it('read what was written by other means', () => {
    assert.is(sealedBy('{"a":1}'), golden)
    assert.is(json_encode(ds_map_secure_load_buffer(bufferWith(golden))), '{"a":1}')
  })

  it('give -1 and leave the position for any other text', () => {
    for (const text of ['', 'x', sealedBy('{'), sealedBy('')]) {
      const buffer = bufferWith(text)
      assert.is(ds_map_secure_load_buffer(buffer), -1)
      assert.is(findBuffer('test', buffer)?.position, 0)
    }
  })

  it('leave a wrap buffer aligned as it was if the text is another', () => {
    const tells = [false, true].map((isLoaded) => {
      const buffer = addBuffer(createBuffer(6, BufferKind.wrap, 4))
      buffer_fill(buffer, 0, buffer_u8, 65, 6)
      buffer_seek(buffer, buffer_seek_start, 5)
      if (isLoaded) assert.is(ds_map_secure_load_buffer(buffer), -1)
      buffer_write(buffer, buffer_u8, 66)
      return buffer_tell(buffer)
    })
    assert.equal(tells, [3, 3])
  })

  it('notice each change of one sign', () => {
    for (let at = 0; at < golden.length; at++) {
      const sign = golden[at] === 'A' ? 'B' : 'A'
      const changed = golden.slice(0, at) + sign + golden.slice(at + 1)
      assert.is(ds_map_secure_load_buffer(bufferWith(changed)), -1, changed)
    }
  })

  it('never throw for what a buffer holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.string(), (bytes, json) => {
        const buffer = createBuffer(bytes.length, BufferKind.fixed, 1)
        for (const byte of bytes) writeBuffer(buffer, BufferType.u8, byte)
        buffer.position = 0
        assert.is(ds_map_secure_load_buffer(addBuffer(buffer)), -1)
        ds_map_secure_load_buffer(bufferWith(sealedBy(json)))
      }),
    )
  })

  it('give -1 for a buffer that does not take the text', () => {
    const map = mapOf(['a', 1])
    for (const kind of [BufferKind.fixed, BufferKind.fast])
      assert.is(ds_map_secure_save_buffer(map, addBuffer(createBuffer(20, kind))), -1)
  })

  it('follow the settings for what does not exist', () => {
    const map = mapOf(['a', 1])
    const stale = ds_map_create()
    ds_map_destroy(stale)
    const gone = bufferWith('')
    removeBuffer(gone)
    const some = bufferWith('')
    const name = 'ds_map_secure_save_buffer'
    checkUnknown([[name, (id) => ds_map_secure_save_buffer(id, some), -1]], [], stale)
    const runs: [string, (buffer: number) => unknown][] = [
      [name, (buffer) => ds_map_secure_save_buffer(map, buffer)],
      ['ds_map_secure_load_buffer', (buffer) => ds_map_secure_load_buffer(buffer)],
    ]
    for (const [where, run] of runs) {
      throwsError(() => run(gone), 'RangeError', `${where}: there is no buffer ${gone}`)
      withSetting('unknown_buffer', 'result', () => assert.is(run(gone), -1))
      for (const value of noHandles)
        throwsError(() => run(wrong(value)), 'TypeError', `${where}: buffer must be`)
    }
  })
})
