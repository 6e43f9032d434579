import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorld } from 'bitecs'
import * as assert from 'uvu/assert'
import { gml_bind } from '../../../src/gml/binding.ts'
import {
  buffer_async_group_begin,
  buffer_async_group_end,
  buffer_async_group_option,
  buffer_load_async,
  buffer_save_async,
} from '../../../src/gml/buffer/bufferAsync.ts'
import { buffer_create, buffer_delete } from '../../../src/gml/buffer/bufferCreation.ts'
import { buffer_save } from '../../../src/gml/buffer/bufferFiles.ts'
import {
  buffer_get_address,
  buffer_get_used_size,
} from '../../../src/gml/buffer/bufferProperties.ts'
import { buffer_tell } from '../../../src/gml/buffer/bufferReadWrite.ts'
import { buffer_fast, buffer_fixed, buffer_grow, buffer_wrap } from '../../../src/gml/constants.ts'
import { ds_map_find_value } from '../../../src/gml/ds/dsMapFunctions.ts'
import { async_load } from '../../../src/gml/event/async_load.ts'
import { gml_step } from '../../../src/gml/event/networkingEvent.ts'
import { gml_on_save_load } from '../../../src/gml/event/saveLoadEvent.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { turns, until } from '../../lib/until.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex, kinds } from './bufferHelpers.ts'

/** The events of a case: the id and the status of each, in order. */
type Events = [id: unknown, status: unknown][]

/** A case in a working directory of its own, with a world of its own. */
function withEvents(run: (events: Events) => Promise<void>): () => Promise<void> {
  return async () => {
    const before = process.cwd()
    const folder = mkdtempSync(join(tmpdir(), 'gml-async-'))
    process.chdir(folder)
    gml_bind(createWorld())
    const events: Events = []
    const stop = gml_on_save_load(() => {
      const id = ds_map_find_value(async_load, 'id')
      events.push([id, ds_map_find_value(async_load, 'status')])
    })
    try {
      await run(events)
    } finally {
      stop()
      process.chdir(before)
      rmSync(folder, { recursive: true })
    }
  }
}

/** Steps until so many events have come, and once more. */
async function come(events: Events, count: number): Promise<void> {
  await until(() => events.length >= count, gml_step)
  await turns()
  gml_step()
  assert.is(events.length, count)
}

function fileHex(path: string): string {
  return readFileSync(path).toString('hex')
}

function writeHex(path: string, bytesHex: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, Buffer.from(bytesHex, 'hex'))
}

spec('buffer_save_async', (it) => {
  it(
    '§5.13: saves into the folder default and reports by an event in a step',
    withEvents(async (events) => {
      const id = buffer_save_async(bufferOf('010203'), 'Data\\Player_Save.sav', 0, -1)
      assert.ok(id >= 0)
      await until(() => existsSync('default/Data/Player_Save.sav'))
      await turns()
      assert.equal(events, [])
      await come(events, 1)
      assert.equal(events, [[id, true]])
      assert.is(fileHex('default/Data/Player_Save.sav'), '010203')
    }),
  )

  it(
    '§5.13: saves what the buffer has now, which may be changed or deleted at once',
    withEvents(async (events) => {
      const changed = bufferOf('0102')
      buffer_save_async(changed, 'changed', 0, 2)
      buffer_get_address(changed)!.fill(9)
      const deleted = eventBufferOf('0304')
      buffer_save_async(deleted.buffer, 'deleted', 0, 2)
      buffer_delete(deleted.buffer)
      await come(events, 2)
      assert.equal(
        events.map(([, status]) => status),
        [true, true],
      )
      assert.is(fileHex('default/changed'), '0102')
      assert.is(fileHex('default/deleted'), '0304')
    }),
  )

  it(
    '§5.13: brings the range inside, for all kinds',
    withEvents(async (events) => {
      for (const kind of kinds) buffer_save_async(bufferOf('01020304', kind), `${kind}`, 2, 2)
      buffer_save_async(bufferOf('01020304'), 'cut', 2, 99)
      buffer_save_async(bufferOf('01020304', buffer_wrap), 'wrap', 3, 2)
      buffer_save_async(bufferOf('01020304'), 'rest', 1, -1)
      await come(events, 7)
      for (const kind of kinds) assert.is(fileHex(`default/${kind}`), '0304')
      assert.is(fileHex('default/cut'), '0304')
      assert.is(fileHex('default/wrap'), '0401')
      assert.is(fileHex('default/rest'), '020304')
    }),
  )

  it(
    'has the status false where no file can be written',
    withEvents(async (events) => {
      writeHex('default/file', '00')
      const id = buffer_save_async(bufferOf('01'), 'file/inside', 0, 1)
      await come(events, 1)
      assert.equal(events, [[id, false]])
    }),
  )

  it(
    'leaves absolute paths as they are',
    withEvents(async (events) => {
      buffer_save_async(bufferOf('01'), join(process.cwd(), 'absolute.bin'), 0, 1)
      await come(events, 1)
      assert.is(fileHex('absolute.bin'), '01')
    }),
  )

  it(
    'gives each request an id of its own, and reports them in order',
    withEvents(async (events) => {
      const big = buffer_save_async(buffer_create(4_000_000, buffer_fixed, 1), 'f', 0, -1)
      const small = buffer_save_async(bufferOf('01'), 'f', 0, -1)
      const missing = buffer_load_async(bufferOf('00'), 'missing', 0, -1)
      await come(events, 3)
      assert.equal(events, [
        [big, true],
        [small, true],
        [missing, false],
      ])
      assert.is(new Set([big, small, missing]).size, 3)
      assert.is(fileHex('default/f'), '01')
    }),
  )
})

spec('buffer_load_async', (it) => {
  it(
    '§5.13: loads from the folder default, and only in the step',
    withEvents(async (events) => {
      writeHex('default/f', '010203')
      const buffer = bufferOf('ffffffff')
      const id = buffer_load_async(buffer, 'f', 0, -1)
      await turns(200)
      assert.is(hex(buffer), 'ffffffff')
      await come(events, 1)
      assert.equal(events, [[id, true]])
      assert.is(hex(buffer), '010203ff')
      assert.is(buffer_tell(buffer), 0)
    }),
  )

  // From the file 01020304 into a buffer of ffff.
  const loads: [string, 0 | 1 | 2 | 3, number, number, string][] = [
    ['grow', buffer_grow, 1, -1, 'ff01020304'],
    ['grow, a part', buffer_grow, 0, 3, '010203'],
    ['grow, more than there is', buffer_grow, 0, 99, '01020304'],
    ['fixed: what fits', buffer_fixed, 1, -1, 'ff01'],
    ['fast: what fits', buffer_fast, 0, -1, '0102'],
    ['wrap: goes on at the start', buffer_wrap, 1, 2, '0201'],
    ['nothing', buffer_grow, 0, 0, 'ffff'],
  ]
  for (const [what, kind, offset, size, bytes] of loads)
    it(
      `§5.13: ${what}`,
      withEvents(async (events) => {
        writeHex('default/f', '01020304')
        const buffer = bufferOf('ffff', kind)
        buffer_load_async(buffer, 'f', offset, size)
        await come(events, 1)
        assert.is(events[0]?.[1], true)
        assert.is(hex(buffer), bytes)
        assert.is(buffer_get_used_size(buffer), bytes.length / 2)
      }),
    )

  it(
    '§5.13: a missing file or a deleted buffer has the status false',
    withEvents(async (events) => {
      const buffer = bufferOf('ff')
      const missing = buffer_load_async(buffer, 'missing', 0, -1)
      writeHex('default/f', '01')
      const gone = buffer_create(1, buffer_grow, 1)
      const deleted = buffer_load_async(gone, 'f', 0, -1)
      await turns(20)
      buffer_delete(gone)
      await come(events, 2)
      assert.equal(events, [
        [missing, false],
        [deleted, false],
      ])
      assert.is(hex(buffer), 'ff')
    }),
  )

  it(
    'finds what a save before it has written',
    withEvents(async (events) => {
      const buffer = buffer_create(0, buffer_grow, 1)
      buffer_save_async(bufferOf('0102'), 'f', 0, -1)
      buffer_load_async(buffer, 'f', 0, -1)
      await come(events, 2)
      assert.is(hex(buffer), '0102')
    }),
  )
})

spec('buffer_save while files are saved', (it) => {
  it(
    'comes after buffer_save_async of the file, also one that has not begun',
    withEvents(async (events) => {
      const before = buffer_create(4_000_000, buffer_fixed, 1)
      const ids = [
        buffer_save_async(before, 'other', 0, -1),
        buffer_load_async(bufferOf('ff', buffer_grow), 'other', 0, -1),
        buffer_save_async(bufferOf('01'), 'f', 0, -1),
        buffer_save_async(bufferOf('0202'), 'f', 0, -1),
      ]
      assert.is(buffer_save(bufferOf('030303'), 'default/f'), undefined)
      assert.is(fileHex('default/f'), '030303')
      await come(events, 4)
      const statuses = new Map(events)
      for (const id of ids) assert.is(statuses.get(id), true)
      assert.is(fileHex('default/f'), '030303')
      assert.equal(readdirSync('default').sort(), ['f', 'other'])
    }),
  )

  it(
    'comes before those that are asked for later, and before a group that ends later',
    withEvents(async (events) => {
      buffer_async_group_begin('default')
      buffer_save_async(bufferOf('01'), 'a', 0, -1)
      buffer_save_async(bufferOf('0101'), 'a', 0, -1)
      assert.is(buffer_save(bufferOf('02'), 'default/a'), undefined)
      assert.is(buffer_save(bufferOf('02'), 'default/b'), undefined)
      const group = buffer_async_group_end()
      const single = buffer_save_async(bufferOf('03'), 'b', 0, -1)
      await come(events, 2)
      assert.equal(events, [
        [group, true],
        [single, true],
      ])
      assert.equal(['default/a', 'default/b'].map(fileHex), ['0101', '03'])
    }),
  )

  it(
    'leaves a load its place between two saves',
    withEvents(async (events) => {
      writeHex('default/f', '01')
      const buffers = [1, 2].map(() => buffer_create(0, buffer_grow, 1))
      buffer_load_async(buffers[0] ?? -1, 'f', 0, -1)
      buffer_save_async(bufferOf('02'), 'f', 0, -1)
      buffer_load_async(buffers[1] ?? -1, 'f', 0, -1)
      buffer_save_async(bufferOf('03'), 'f', 0, -1)
      await come(events, 4)
      assert.equal(buffers.map(hex), ['01', '02'])
      assert.is(fileHex('default/f'), '03')
    }),
  )
})

spec('buffer_async_group', (it) => {
  it(
    '§5.13: has a folder, one id and one event',
    withEvents(async (events) => {
      buffer_async_group_begin('SaveGame')
      buffer_async_group_option('showdialog', false)
      buffer_async_group_option('slottitle', 'a title')
      const first = buffer_save_async(bufferOf('01'), 'a', 0, -1)
      const second = buffer_save_async(bufferOf('02'), 'b', 0, -1)
      await turns(20)
      gml_step()
      assert.is(existsSync('SaveGame'), false)
      const id = buffer_async_group_end()
      assert.equal([first, second], [id, id])
      await come(events, 1)
      assert.equal(events, [[id, true]])
      assert.is(fileHex('SaveGame/a'), '01')
      assert.is(fileHex('SaveGame/b'), '02')
    }),
  )

  it(
    '§5.13: loads, all in the same step, and the status is that of all',
    withEvents(async (events) => {
      writeHex('Slot/a', '01')
      writeHex('Slot/c', '03')
      const buffers = [1, 2, 3].map(() => bufferOf('ff'))
      buffer_async_group_begin('Slot')
      buffers.forEach((buffer, at) => buffer_load_async(buffer, 'abc'.charAt(at), 0, -1))
      const id = buffer_async_group_end()
      await come(events, 1)
      assert.equal(events, [[id, false]])
      assert.equal(buffers.map(hex), ['01', 'ff', '03'])
    }),
  )

  it(
    'an empty group succeeds, and what comes after a group is in none',
    withEvents(async (events) => {
      buffer_async_group_begin('Empty')
      const id = buffer_async_group_end()
      const single = buffer_save_async(bufferOf('01'), 'f', 0, -1)
      await come(events, 2)
      assert.equal(events, [
        [id, true],
        [single, true],
      ])
      assert.is(fileHex('default/f'), '01')
    }),
  )

  it(
    'without a begin, the end gives -1 and no event',
    withEvents(async (events) => {
      assert.is(buffer_async_group_end(), -1)
      await come(events, 0)
    }),
  )

  it(
    'a group that was not ended is given up by the next',
    withEvents(async (events) => {
      buffer_async_group_begin('First')
      const first = buffer_save_async(bufferOf('01'), 'f', 0, -1)
      buffer_async_group_begin('Second')
      buffer_save_async(bufferOf('02'), 'f', 0, -1)
      const second = buffer_async_group_end()
      await come(events, 2)
      assert.equal(events, [
        [first, false],
        [second, true],
      ])
      assert.is(existsSync('First'), false)
      assert.is(fileHex('Second/f'), '02')
    }),
  )

  it(
    'a folder without a name is the working directory',
    withEvents(async (events) => {
      buffer_async_group_begin('')
      buffer_save_async(bufferOf('01'), 'f', 0, -1)
      buffer_async_group_end()
      await come(events, 1)
      assert.is(fileHex('f'), '01')
    }),
  )
})

spec('arguments of the asynchronous functions', (it) => {
  it('are refused at once by their names', () => {
    const refused: [string, string, () => unknown][] = [
      ['buffer_save_async', 'filename', () => buffer_save_async(bufferOf('00'), wrong(1), 0, 1)],
      ['buffer_load_async', 'filename', () => buffer_load_async(bufferOf('00'), wrong(1), 0, 1)],
      ['buffer_async_group_begin', 'groupname', () => buffer_async_group_begin(wrong(1))],
      ['buffer_async_group_option', 'option', () => buffer_async_group_option(wrong(1), 1)],
    ]
    for (const [where, argument, run] of refused)
      throwsError(run, 'TypeError', `${where}: ${argument} must be a string`)
  })
})
