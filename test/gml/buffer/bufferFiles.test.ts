import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { buffer_create } from '../../../src/gml/buffer/bufferCreation.ts'
import {
  buffer_load,
  buffer_load_ext,
  buffer_load_partial,
  buffer_save,
  buffer_save_ext,
} from '../../../src/gml/buffer/bufferFiles.ts'
import {
  buffer_get_alignment,
  buffer_get_size,
  buffer_get_type,
  buffer_get_used_size,
} from '../../../src/gml/buffer/bufferProperties.ts'
import { buffer_seek, buffer_tell } from '../../../src/gml/buffer/bufferReadWrite.ts'
import {
  buffer_fast,
  buffer_fixed,
  buffer_grow,
  buffer_seek_start,
  buffer_wrap,
} from '../../../src/gml/constants.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex, kinds } from './bufferHelpers.ts'

/** A case with a folder of its own, which gives the path of a name in it. */
function withFolder(run: (path: (name: string) => string) => void): () => void {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'gml-buffer-'))
    try {
      run((name) => join(folder, name))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function fileHex(path: string): string {
  return readFileSync(path).toString('hex')
}

function writeHex(path: string, bytesHex: string): string {
  writeFileSync(path, Buffer.from(bytesHex, 'hex'))
  return path
}

spec('buffer_save', (it) => {
  it(
    '§5.13: saves the whole size of every kind, whatever is used',
    withFolder((path) => {
      for (const kind of kinds) {
        assert.is(buffer_save(buffer_create(5, kind, 1), path(`kind${kind}`)), undefined)
        assert.is(fileHex(path(`kind${kind}`)), '0000000000')
      }
    }),
  )

  it(
    '§5.13: saves a data event buffer and nothing around it',
    withFolder((path) => {
      const { buffer } = eventBufferOf('0102')
      buffer_seek(buffer, buffer_seek_start, 1)
      buffer_save(buffer, path('event'))
      assert.is(fileHex(path('event')), '0102')
      assert.is(buffer_tell(buffer), 1)
    }),
  )

  it(
    'replaces a file and makes an empty one',
    withFolder((path) => {
      writeHex(path('old'), 'ffffffff')
      buffer_save(bufferOf('01'), path('old'))
      assert.is(fileHex(path('old')), '01')
      buffer_save(buffer_create(0, buffer_grow, 1), path('old'))
      assert.is(fileHex(path('old')), '')
    }),
  )

  it(
    'makes the folders of the path, and takes backslashes as slashes',
    withFolder((path) => {
      assert.is(buffer_save(bufferOf('01'), `${path('data')}\\slots\\1.sav`), undefined)
      assert.is(fileHex(path('data/slots/1.sav')), '01')
      const loaded = buffer_load(`${path('data')}\\slots\\1.sav`)
      assert.is(hex(loaded), '01')
    }),
  )

  it(
    'gives -1 where no file can be written',
    withFolder((path) => {
      writeHex(path('file'), '00')
      assert.is(buffer_save(bufferOf('01'), path('file/inside')), -1)
      assert.is(buffer_save_ext(bufferOf('01'), path('file/inside'), 0, 1), -1)
      assert.is(buffer_save(bufferOf('01'), ''), -1)
    }),
  )
})

spec('buffer_save_ext', (it) => {
  const ranges: [string, number, number, string][] = [
    ['a part', 1, 2, '0203'],
    ['size cut to the rest', 2, 99, '0304'],
    ['size -1: all that follows', 1, -1, '020304'],
    ['offset before the start', -5, 2, '0102'],
    ['offset behind the end is the last byte', 99, 2, '04'],
    ['nothing', 0, 0, ''],
  ]
  for (const [what, offset, size, bytes] of ranges)
    it(
      `§5.13: ${what}`,
      withFolder((path) => {
        assert.is(buffer_save_ext(bufferOf('01020304'), path('f'), offset, size), undefined)
        assert.is(fileHex(path('f')), bytes)
      }),
    )

  it(
    '§5.13: 256 and 512 of 512 bytes make a file of 256',
    withFolder((path) => {
      buffer_save_ext(buffer_create(512, buffer_fixed, 1), path('f'), 256, 512)
      assert.is(readFileSync(path('f')).length, 256)
    }),
  )

  it(
    'a wrap buffer goes on at its start',
    withFolder((path) => {
      buffer_save_ext(bufferOf('01020304', buffer_wrap), path('f'), 3, 2)
      assert.is(fileHex(path('f')), '0401')
    }),
  )
})

spec('buffer_load', (it) => {
  it(
    '§5.13: makes a grow buffer of alignment 1, as large as the file',
    withFolder((path) => {
      const buffer = buffer_load(writeHex(path('f'), '010203'))
      assert.is(hex(buffer), '010203')
      assert.is(buffer_get_used_size(buffer), 3)
      assert.is(buffer_get_type(buffer), buffer_grow)
      assert.is(buffer_get_alignment(buffer), 1)
      assert.is(buffer_tell(buffer), 0)
      assert.is(buffer_get_size(buffer_load(writeHex(path('empty'), ''))), 0)
    }),
  )

  it(
    'M16: a missing file gives -1',
    withFolder((path) => {
      assert.is(buffer_load(path('missing')), -1)
      const buffer = bufferOf('0102')
      assert.is(buffer_load_ext(buffer, path('missing'), 0), -1)
      assert.is(buffer_load_partial(buffer, path('missing'), 0, 1, 0), -1)
      for (const name of [path(''), '']) {
        assert.is(buffer_load(name), -1)
        assert.is(buffer_load_ext(buffer, name, 0), -1)
        assert.is(buffer_load_partial(buffer, name, 0, 1, 0), -1)
      }
      assert.is(hex(buffer), '0102')
    }),
  )

  it('refuses a name that is no string, and touches no file then', () => {
    const name = wrong(5)
    const buffer = bufferOf('00')
    const runs: [string, () => unknown][] = [
      ['buffer_save', () => buffer_save(buffer, name)],
      ['buffer_save_ext', () => buffer_save_ext(buffer, name, 0, 1)],
      ['buffer_load', () => buffer_load(name)],
      ['buffer_load_ext', () => buffer_load_ext(buffer, name, 0)],
      ['buffer_load_partial', () => buffer_load_partial(buffer, name, 0, 1, 0)],
    ]
    for (const [where, run] of runs) throwsError(run, 'TypeError', `${where}: filename must be`)
    assert.is(existsSync('5'), false)
  })
})

spec('buffer_load_ext', (it) => {
  it(
    '§5.13: enlarges a grow buffer: a file of 512 at 256 makes 768',
    withFolder((path) => {
      const buffer = buffer_create(1, buffer_grow, 1)
      const file = writeHex(path('f'), 'ab'.repeat(512))
      assert.is(buffer_load_ext(buffer, file, 256), undefined)
      assert.is(hex(buffer), '00'.repeat(256) + 'ab'.repeat(512))
      assert.is(buffer_get_used_size(buffer), 768)
      assert.is(buffer_tell(buffer), 0)
    }),
  )

  it(
    'other kinds take what fits, a wrap buffer goes on at its start',
    withFolder((path) => {
      const file = writeHex(path('f'), '010203')
      for (const kind of [buffer_fixed, buffer_fast] as const) {
        const buffer = bufferOf('ffffffff', kind)
        assert.is(buffer_load_ext(buffer, file, 2), undefined)
        assert.is(hex(buffer), 'ffff0102')
      }
      const wrap = bufferOf('ffffffff', buffer_wrap)
      buffer_load_ext(wrap, file, 2)
      assert.is(hex(wrap), '03ff0102')
    }),
  )

  it(
    'leaves the neighbours of a data event buffer alone',
    withFolder((path) => {
      const { buffer, neighbours } = eventBufferOf('0102')
      buffer_load_ext(buffer, writeHex(path('f'), '030405'), 1)
      assert.is(hex(buffer), '01030405')
      assert.is(neighbours(), 'ee'.repeat(16))
    }),
  )
})

spec('buffer_load_partial', (it) => {
  // From the file 010203040506 into a grow buffer of ffff: offset, length, destination.
  const parts: [string, number, number, number, string][] = [
    ['a part', 1, 2, 0, '0203'],
    ['behind', 1, 2, 4, 'ffff00000203'],
    ['length cut to the rest', 4, 99, 0, '0506'],
    ['negative length: the rest', 3, -1, 0, '040506'],
    ['negative offset is 0', -2, 1, 0, '01ff'],
    ['offset at the end: nothing', 6, 5, 0, 'ffff'],
    ['offset behind the end: nothing', 99, 5, 0, 'ffff'],
  ]
  for (const [what, offset, length, to, bytes] of parts)
    it(
      `§5.13: ${what}`,
      withFolder((path) => {
        const buffer = bufferOf('ffff', buffer_grow)
        const file = writeHex(path('f'), '010203040506')
        assert.is(buffer_load_partial(buffer, file, offset, length, to), undefined)
        assert.is(hex(buffer), bytes)
      }),
    )

  it(
    '§5.13: 512 bytes at 256 make 768',
    withFolder((path) => {
      const buffer = buffer_create(1, buffer_grow, 1)
      buffer_load_partial(buffer, writeHex(path('f'), 'ab'.repeat(512)), 0, 512, 256)
      assert.is(buffer_get_size(buffer), 768)
    }),
  )
})
