import * as fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { copyBuffer } from '../../src/buffer/copyBuffer.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import {
  getBufferAlignment,
  getBufferBytes,
  getBufferKind,
  getBufferUsedSize,
} from '../../src/buffer/getBufferSize.ts'
import { NetworkBuffer, receivedBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import * as browser from '../../src/content/files.browser.ts'
import * as node from '../../src/content/files.node.ts'
import { loadBuffer, loadBufferNow } from '../../src/content/loadBuffer.ts'
import {
  loadBufferInto,
  loadBufferIntoNow,
  storeIntoBuffer,
} from '../../src/content/loadBufferInto.ts'
import { saveBuffer, saveBufferNow } from '../../src/content/saveBuffer.ts'
import { bufferOf, hex, hexOf, kinds, received, throwsError, wrong } from '../buffer/helpers.ts'
import { spec } from '../spec.ts'

const four = '01020304'

let count = 0

/** Both ways to do the same; the tests below run each. */
const ways = [
  {
    way: 'later',
    save: saveBuffer,
    load: (path: string) => loadBuffer(path),
    loadInto: loadBufferInto,
  },
  {
    way: 'now',
    save: async (buffer: NetworkBuffer, path: string, offset?: number, size?: number) =>
      saveBufferNow('test', buffer, path, offset, size),
    load: async (path: string) => loadBufferNow('test', path),
    loadInto: async (buffer: NetworkBuffer, path: string, from = 0, size = -1, to = 0) =>
      loadBufferIntoNow('test', buffer, path, from, size, to),
  },
]

/** Runs a test with a folder of its own, which is removed at the end. */
function withFolder(run: (folder: string) => Promise<void> | void): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
    try {
      await run(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function fileOf(folder: string, bytesHex: string): string {
  const path = join(folder, `file ${count++}`)
  writeFileSync(path, Buffer.from(bytesHex, 'hex'))
  return path
}

const contentOf = (path: string): string => readFileSync(path, 'hex')

for (const { way, save, load, loadInto } of ways) {
  spec(`saveBuffer, ${way}`, (it) => {
    it(
      'saves all allocated bytes of every kind, or a range',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        for (const kind of kinds) {
          const buffer = bufferOf(four, kind)
          buffer.used = 1
          seekBuffer(buffer, 0, 2)
          assert.is(await save(buffer, path), 0)
          assert.is(contentOf(path), four)
          assert.is(tellBuffer(buffer), 2)
          assert.is(await save(buffer, path, 2, 20), 0)
          assert.is(
            contentOf(path),
            kind === BufferKind.wrap ? '0304010203040102030401020304010203040102' : '0304',
          )
          assert.is(await save(createBuffer(0, kind), path), 0)
          assert.is(contentOf(path), '')
        }
        assert.is(await save(received(four).buffer, path, -1, 9), 0)
        assert.is(contentOf(path), four)
      }),
    )

    it(
      'makes the folders that are missing',
      withFolder(async (folder) => {
        const path = join(folder, 'default', 'slot é', 'a.sav')
        assert.is(await save(bufferOf(four), path), 0)
        assert.is(contentOf(path), four)
      }),
    )

    it(
      'tells that a file cannot be written',
      withFolder(async (folder) => {
        const file = fileOf(folder, '')
        for (const path of [folder, join(file, 'below a file'), join(folder, 'a\0b')])
          assert.is(await save(bufferOf(four), path), BufferError.general, path)
        assert.is(contentOf(file), '')
      }),
    )

    it('refuses wrong arguments at once', () => {
      const buffer = bufferOf(four)
      for (const path of ['', wrong(1), wrong(undefined)])
        throwsError(() => saveBuffer(buffer, path), 'TypeError', 'saveBuffer: path')
      throwsError(() => saveBuffer(buffer, 'a', Number.NaN), 'RangeError', 'saveBuffer: offset')
      throwsError(() => saveBufferNow('test', buffer, ''), 'TypeError', 'test: path')
      deleteBuffer(buffer)
      throwsError(() => saveBuffer(buffer, 'a'), 'FreedError', 'saveBuffer')
      throwsError(() => saveBufferNow('test', buffer, 'a'), 'FreedError', 'test')
    })
  })

  spec(`loadBuffer, ${way}`, (it) => {
    it(
      'makes a grow buffer as large as the file',
      withFolder(async (folder) => {
        for (const content of [four, '', '00'.repeat(100_000)]) {
          const buffer = await load(fileOf(folder, content))
          if (!(buffer instanceof NetworkBuffer)) throw new Error(`got ${buffer}`)
          assert.is(hex(buffer), content)
          assert.is(getBufferUsedSize(buffer), content.length / 2)
          assert.is(getBufferKind(buffer), BufferKind.grow)
          assert.is(getBufferAlignment(buffer), 1)
          assert.is(tellBuffer(buffer), 0)
          // A copy that is shared would not be one.
          getBufferBytes(buffer).slice().fill(7)
          assert.is(hex(buffer), content)
        }
      }),
    )

    it(
      'M16: tells that there is no such file, or that it cannot be read',
      withFolder(async (folder) => {
        for (const path of [join(folder, 'none'), folder, join(folder, 'a\0b')])
          assert.is(await load(path), BufferError.general, path)
      }),
    )

    it(
      'does not wait for the other end of a pipe',
      withFolder(async (folder) => {
        if (process.platform === 'win32') return
        const path = join(folder, 'pipe')
        execFileSync('mkfifo', [path])
        assert.is(await load(path), BufferError.general)
      }),
    )
  })

  spec(`loadBufferInto, ${way}`, (it) => {
    it(
      'loads what the file has of a part',
      withFolder(async (folder) => {
        const path = fileOf(folder, four)
        const parts: [from: number, size: number, to: number, result: string, used: number][] = [
          [0, -1, 0, '01020304ffff', 4],
          [0, -1, 2, 'ffff01020304', 6],
          [1, 2, 3, 'ffffff0203ff', 5],
          [3, 9, 0, '04ffffffffff', 1],
          [-2, 2, -2, '0102ffffffff', 2],
          [1.9, 1.9, 1.9, 'ff02ffffffff', 2],
          // B#5665 of GameMaker: nothing, not the last byte.
          [4, 1, 0, 'ffffffffffff', 0],
          [1e300, -1, 0, 'ffffffffffff', 0],
          [0, 0, 0, 'ffffffffffff', 0],
        ]
        for (const kind of kinds)
          for (const [from, size, to, result, used] of parts) {
            if (kind === BufferKind.wrap && to < 0) continue
            const buffer = bufferOf('ff'.repeat(6), kind)
            buffer.used = 0
            seekBuffer(buffer, 0, 3)
            assert.is(await loadInto(buffer, path, from, size, to), 0)
            assert.is(hex(buffer), result, `${from}, ${size}, ${to}`)
            assert.is(getBufferUsedSize(buffer), used)
            assert.is(tellBuffer(buffer), 3)
          }
      }),
    )

    it(
      'enlarges grow kinds, goes round in wrap kinds, fills the others',
      withFolder(async (folder) => {
        const path = fileOf(folder, four)
        const results = ['ffff01', 'ffff01020304', '020304', 'ffff01']
        for (const kind of kinds) {
          const buffer = bufferOf('ffffff', kind)
          assert.is(await loadInto(buffer, path, 0, -1, 2), 0)
          assert.is(hex(buffer), results[kind])
          const full = await loadInto(buffer, path, 0, 1, 2147483647)
          const roomless = kind === BufferKind.wrap ? 0 : BufferError.outOfSpace
          assert.is(full, roomless)
          assert.is(hex(buffer), kind === BufferKind.wrap ? '020104' : results[kind])
        }
        const file = fileOf(folder, '62'.repeat(512))
        const large = createBuffer(1, BufferKind.grow)
        assert.is(await loadInto(large, file, 0, 512, 256), 0)
        assert.is(hex(large), '00'.repeat(256) + '62'.repeat(512))
      }),
    )

    it(
      'keeps to its own bytes in received buffers',
      withFolder(async (folder) => {
        const { buffer, memory } = received('aabbccdd')
        const path = fileOf(folder, four)
        assert.is(await loadInto(buffer, path, 0, 2, 1), 0)
        const before = 'ee'.repeat(8) + 'aa0102dd' + 'ee'.repeat(8)
        assert.is(hexOf(memory.bytes), before)
        assert.is(await loadInto(buffer, path, 0, -1, 2), 0)
        assert.is(hex(buffer), 'aa0101020304')
        assert.is(hexOf(memory.bytes), before)
      }),
    )

    it(
      'changes nothing when there is no such file',
      withFolder(async (folder) => {
        const buffer = bufferOf(four, BufferKind.grow)
        for (const path of [join(folder, 'none'), folder])
          assert.is(await loadInto(buffer, path, 0, -1, 9), BufferError.general)
        assert.is(hex(buffer), four)
      }),
    )

    it('refuses wrong arguments at once', () => {
      const buffer = bufferOf(four)
      for (const path of ['', wrong(1)]) {
        throwsError(() => loadBuffer(path), 'TypeError', 'loadBuffer: path')
        throwsError(() => loadBufferNow('test', path), 'TypeError', 'test: path')
        throwsError(() => loadBufferInto(buffer, path), 'TypeError', 'loadBufferInto: path')
        throwsError(() => loadBufferIntoNow('test', buffer, path, 0, 1, 0), 'TypeError', 'test: ')
      }
      const numbers = [
        ['sourceOffset', Number.NaN, 1, 0],
        ['size', 0, Infinity, 0],
        ['destinationOffset', 0, 1, -Infinity],
      ] as const
      for (const [name, from, size, to] of numbers) {
        const run = (): unknown => loadBufferInto(buffer, 'a', from, size, to)
        throwsError(run, 'RangeError', `loadBufferInto: ${name}`)
      }
      for (const bytesMax of [-1, 0.5, Number.NaN, 2147483648])
        throwsError(() => loadBuffer('a', bytesMax), 'RangeError', 'loadBuffer: bytesMax')
      deleteBuffer(buffer)
      throwsError(() => loadBufferInto(buffer, 'a'), 'FreedError', 'loadBufferInto')
      throwsError(() => loadBufferIntoNow('test', buffer, 'a', 0, 1, 0), 'FreedError', 'test')
    })
  })
}

spec('what happens while a file is saved or loaded', (it) => {
  it(
    'does not change what is saved',
    withFolder(async (folder) => {
      const path = join(folder, 'a')
      // Node's own class is what sockets hand over, and its slice copies nothing.
      const memory = memoryOf(Buffer.from(four, 'hex'))
      const buffer = receivedBuffer(memory, 0, 4)
      const saved = saveBuffer(buffer, path)
      memory.bytes.fill(7)
      deleteBuffer(buffer)
      assert.is(await saved, 0)
      assert.is(contentOf(path), four)
    }),
  )

  it(
    'does not reach a buffer that is freed',
    withFolder(async (folder) => {
      const { buffer, memory } = received(four)
      const before = hexOf(memory.bytes)
      const loaded = loadBufferInto(buffer, fileOf(folder, 'ffff'))
      deleteBuffer(buffer)
      assert.is(await loaded, BufferError.general)
      assert.is(hexOf(memory.bytes), before)
    }),
  )

  it(
    'does not change the buffer before it is done',
    withFolder(async (folder) => {
      const buffer = bufferOf(four)
      const loaded = loadBufferInto(buffer, fileOf(folder, 'ffff'))
      assert.is(hex(buffer), four)
      assert.is(await loaded, 0)
      assert.is(hex(buffer), 'ffff0304')
    }),
  )
})

spec('loadBuffer', (it) => {
  it(
    'loads nothing larger than it may',
    withFolder(async (folder) => {
      const path = fileOf(folder, four)
      assert.ok((await loadBuffer(path, 4)) instanceof NetworkBuffer)
      assert.is(await loadBuffer(path, 3), BufferError.general)
      assert.ok((await loadBuffer(fileOf(folder, ''), 0)) instanceof NetworkBuffer)
      if (process.platform !== 'linux') return
      // Its size is 0 for those who ask first.
      assert.is(await loadBuffer('/proc/self/status', 3), BufferError.general)
      assert.is(await loadBuffer('/dev/zero'), BufferError.general)
    }),
  )
})

spec('storeIntoBuffer', (it) => {
  it('does what copying from a buffer does, but takes nothing from behind the end', () => {
    const offset = fc.integer({ min: -3, max: 12 })
    const bytes = fc.uint8Array({ maxLength: 8 })
    fc.assert(
      fc.property(
        bytes,
        bytes,
        offset,
        offset,
        offset,
        fc.constantFrom(...kinds),
        (file, before, from, size, to, kind) => {
          const buffer = bufferOf(hexOf(before), kind)
          const expected = bufferOf(hexOf(before), kind)
          const copied =
            from >= file.length ? 0 : copyBuffer(bufferOf(hexOf(file)), from, size, expected, to)
          assert.is(storeIntoBuffer(buffer, file, from, size, to), copied)
          assert.is(hex(buffer), hex(expected))
          assert.is(buffer.used, expected.used)
        },
      ),
      { numRuns: 500 },
    )
  })
})

spec('files in a browser', (it) => {
  it('are refused, by the same functions', () => {
    const names = Object.keys(node).sort()
    assert.equal(Object.keys(browser).sort(), names)
    throwsError(() => browser.requireFiles('loadBuffer'), 'Error', 'loadBuffer: there are no files')
    throwsError(() => browser.readFileBytes('a'), 'Error', 'readFileBytes: there are no files')
    throwsError(() => browser.readFileBytesNow('a'), 'Error', 'readFileBytesNow: ')
    throwsError(() => browser.writeFileBytes('a', new Uint8Array()), 'Error', 'writeFileBytes: ')
    throwsError(() => browser.writeFileBytesNow('a', new Uint8Array()), 'Error', 'FileBytesNow: ')
  })
})
