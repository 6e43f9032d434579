import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { createBuffer } from '../../src/buffer/createBuffer.ts'
import { fillBuffer } from '../../src/buffer/fillBuffer.ts'
import { type NetworkBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { writeFileBytes } from '../../src/content/files.node.ts'
import { loadBuffer } from '../../src/content/loadBuffer.ts'
import { saveBuffer, saveBufferNow } from '../../src/content/saveBuffer.ts'
import { hexOf } from '../buffer/helpers.ts'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { spec } from '../spec.ts'

// What saves promise about a file: order, and the old content or the new one at every moment.

const file = process.argv[1] ?? ''
const isUnix = process.platform !== 'win32'
const isRoot = process.getuid?.() === 0
// An account that is on every Unix and owns nothing.
const other = 65_534

/** The way each save is asked for; both must do the same to the file. */
const ways = {
  later: saveBuffer,
  now: async (buffer: NetworkBuffer, path: string, offset?: number, size?: number) =>
    saveBufferNow('test', buffer, path, offset, size),
}

/** A buffer full of one byte. */
function full(byte: number, size: number): NetworkBuffer {
  const buffer = createBuffer(size, BufferKind.fixed)
  fillBuffer(buffer, 0, BufferType.u8, byte, size)
  return buffer
}

/** The byte that a file is full of and how many there are, or `mixture`. */
function contentOf(path: string): string {
  const bytes = readFileSync(path)
  const isFull = bytes.equals(Buffer.alloc(bytes.length, bytes[0]))
  return isFull ? `${bytes.length} of ${bytes[0]}` : 'mixture'
}

function withFolder(run: (folder: string) => Promise<void> | void): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
    // Others must reach it too, when a case takes rights away.
    chmodSync(folder, 0o755)
    try {
      await run(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

/** Without the rights of root, who may do everything. */
async function withoutRoot(run: () => Promise<void>): Promise<void> {
  if (isRoot) process.seteuid?.(other)
  try {
    await run()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

if (process.argv[2] === 'save-and-wait') {
  const saved = saveBuffer(full(2, 16_000_000), process.argv[3] ?? '')
  console.log('saving')
  await saved
  console.log('saved')
  setInterval(() => {}, 1000)
} else if (process.argv[2] === 'save-too-much') {
  const path = process.argv[3] ?? ''
  for (const save of Object.values(ways)) console.log(await save(full(2, 1_000_000), path))
} else suites()

function suites(): void {
  spec('saves of one file that overlap', (it) => {
    it(
      'leave what was saved last, whole, whatever the sizes',
      withFolder(async (folder) => {
        const sizes = [3_000_000, 1_000_000, 2_000_000, 10, 1_500_000]
        const path = join(folder, 'a')
        const results = await Promise.all(
          sizes.map((size, index) => saveBuffer(full(index, size), path)),
        )
        assert.equal(results, [0, 0, 0, 0, 0])
        assert.is(contentOf(path), '1500000 of 4')
        assert.equal(readdirSync(folder), ['a'])
      }),
    )

    it(
      'are done in the order of the calls, one after the other',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        const seen: string[] = []
        await Promise.all(
          [1, 2, 3].map(async (byte) => {
            assert.is(await saveBuffer(full(byte, 4_000_000 / byte), path), 0)
            seen.push(`${byte}: ${contentOf(path)}`)
          }),
        )
        assert.is(seen[0]?.startsWith('1: '), true)
        assert.is(seen[2], '3: 1333333 of 3')
      }),
    )

    it(
      'know a file by all its paths',
      withFolder(async (folder) => {
        if (!isUnix) return
        const path = join(folder, 'made', 'a')
        mkdirSync(join(folder, 'in'))
        symlinkSync(path, join(folder, 'link'))
        symlinkSync(join(folder, 'made'), join(folder, 'in', 'folder'))
        const [link, deep] = [join(folder, 'link'), join(folder, 'in', 'folder', 'a')]
        for (const order of [
          [link, deep, path],
          [path, deep, link],
          [deep, path, link],
        ]) {
          rmSync(join(folder, 'made'), { recursive: true, force: true })
          const results = await Promise.all(
            order.map((name, index) => saveBuffer(full(index, 3_000_000 >> (8 * index)), name)),
          )
          assert.equal(results, [0, 0, 0])
          assert.is(contentOf(path), '45 of 2')
        }
        assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink())
      }),
    )

    it(
      'of different files do not wait for each other',
      withFolder(async (folder) => {
        const never = new Promise<void>(() => {})
        void writeFileBytes(join(folder, 'a'), new Uint8Array(1), never)
        assert.is(await saveBuffer(full(1, 1), join(folder, 'b')), 0)
      }),
    )

    it(
      'go on after one that fails',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        const first = saveBuffer(full(1, 10), path)
        const second = saveBuffer(full(2, 20), path)
        // Nothing can be renamed over a folder.
        mkdirSync(path)
        assert.is(await first, BufferError.general)
        rmSync(path, { recursive: true })
        assert.is(await second, 0)
        assert.is(contentOf(path), '20 of 2')
      }),
    )
  })

  spec('a save that waits, among others of its file', (it) => {
    it(
      'comes after those that were asked for before, which are done too',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        // The first is under way in another turn than the others.
        const first = saveBuffer(full(1, 8_000_000), path)
        await turn()
        const results = [first, saveBuffer(full(2, 100), path), saveBuffer(full(3, 200), path)]
        assert.is(saveBufferNow('test', full(4, 300), path), 0)
        assert.is(contentOf(path), '300 of 4')
        assert.equal(await Promise.all(results), [0, 0, 0])
        assert.is(contentOf(path), '300 of 4')
        assert.is(await saveBuffer(full(5, 400), path), 0)
        assert.is(contentOf(path), '400 of 5')
        assert.equal(readdirSync(folder), ['a'])
      }),
    )

    it(
      'comes before those that are asked for later',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        const first = saveBuffer(full(1, 4_000_000), path)
        assert.is(saveBufferNow('test', full(2, 300), path), 0)
        const last = saveBuffer(full(3, 10), path)
        assert.equal(await Promise.all([first, last]), [0, 0])
        assert.is(contentOf(path), '10 of 3')
      }),
    )
  })

  spec('a file that is being saved', (it) => {
    it(
      'has the old content or the new one at every moment',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        const contents = ['3000000 of 1', '4000000 of 2']
        assert.is(await saveBuffer(full(1, 3_000_000), path), 0)
        for (let round = 0; round < 3; round++) {
          const next = 1 + ((round + 1) % 2)
          const progress = { isDone: false }
          const saved = saveBuffer(full(next, 2_000_000 + 1_000_000 * next), path)
          void saved.then(() => {
            progress.isDone = true
          })
          while (!progress.isDone) {
            assert.ok(contents.includes(contentOf(path)), contentOf(path))
            await turn()
          }
          assert.is(await saved, 0)
          assert.is(contentOf(path), contents[next - 1])
        }
      }),
    )

    it(
      'is loaded as a whole',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        assert.is(await saveBuffer(full(0, 2_000_000), path), 0)
        for (let byte = 1; byte <= 5; byte++) {
          const saved = saveBuffer(full(byte, 2_000_000), path)
          const loads = await Promise.all([1, 2, 3].map(() => loadBuffer(path)))
          for (const loaded of loads) {
            if (typeof loaded === 'number') throw new Error(`got ${loaded}`)
            const bytes = loaded.memory?.bytes ?? new Uint8Array()
            assert.is(bytes.length, 2_000_000)
            assert.ok(Buffer.from(bytes).equals(Buffer.alloc(bytes.length, bytes[0])))
          }
          assert.is(await saved, 0)
        }
      }),
    )

    it(
      'survives the end of its process',
      withFolder(async (folder) => {
        const path = join(folder, 'a')
        assert.is(saveBufferNow('test', full(1, 9_000_000), path), 0)
        const program = new NodeProgram(file, ['save-and-wait', path])
        try {
          await program.says('saving')
          for (let round = 0; round < 4; round++) await turn()
        } finally {
          program.end()
          await program.exitCode
        }
        assert.ok(['9000000 of 1', '16000000 of 2'].includes(contentOf(path)), contentOf(path))
        // What is left of the save is in nobody's way.
        assert.is(await saveBuffer(full(3, 5), path), 0)
        assert.is(contentOf(path), '5 of 3')
      }),
    )
  })

  for (const [way, save] of Object.entries(ways)) {
    spec(`a save that fails, ${way}`, (it) => {
      it(
        'leaves no temporary file, and nothing open',
        withFolder(async (folder) => {
          if (process.platform !== 'linux') return
          const below = join(folder, 'file')
          writeFileSync(below, 'x')
          const before = openFiles()
          const paths = [
            folder,
            join(below, 'a'),
            join(folder, 'a\0b'),
            // A folder that cannot be made: Node's recursive mkdir does not return for it.
            '/proc/none/of/these',
            `${folder}/new/`,
            '/dev/full',
          ]
          for (const path of paths) assert.is(await save(full(1, 10), path), BufferError.general)
          symlinkSync(join(folder, 'circle'), join(folder, 'circle'))
          assert.is(await save(full(1, 10), join(folder, 'circle')), BufferError.general)
          assert.is(openFiles(), before)
          assert.equal(readdirSync(folder).sort(), ['circle', 'file'])
          assert.is(readFileSync(below, 'utf8'), 'x')
        }),
      )

      it(
        'leaves the old file if it must not be written',
        withFolder(async (folder) => {
          if (!isUnix) return
          const path = join(folder, 'a')
          writeFileSync(path, 'old')
          chmodSync(path, 0o444)
          chmodSync(folder, 0o777)
          await withoutRoot(async () => {
            assert.is(await save(full(1, 10), path), BufferError.general)
          })
          assert.is(readFileSync(path, 'utf8'), 'old')
          assert.equal(readdirSync(folder), ['a'])
        }),
      )
    })

    spec(`what a save keeps, ${way}`, (it) => {
      it(
        'the mode of the file, and the usual one for a new file',
        withFolder(async (folder) => {
          if (!isUnix) return
          const path = join(folder, 'a')
          assert.is(await save(full(1, 1), path), 0)
          assert.is(statSync(path).mode & 0o777, 0o666 & ~process.umask())
          for (const mode of [0o600, 0o777, 0o640]) {
            chmodSync(path, mode)
            assert.is(await save(full(1, 9), path), 0)
            assert.is(statSync(path).mode & 0o777, mode)
          }
        }),
      )

      it(
        'the owner of the file',
        withFolder(async (folder) => {
          if (!isRoot) return
          const path = join(folder, 'a')
          writeFileSync(path, 'old')
          chownSync(path, other, other)
          assert.is(await save(full(1, 9), path), 0)
          assert.equal([statSync(path).uid, statSync(path).gid], [other, other])
          assert.is(contentOf(path), '9 of 1')
        }),
      )

      it(
        'links, also one whose file is missing',
        withFolder(async (folder) => {
          if (!isUnix) return
          const target = join(folder, 'deep', 'a')
          const links = ['one', 'two'].map((name) => join(folder, name))
          symlinkSync('deep/a', join(folder, 'one'))
          symlinkSync('one', join(folder, 'two'))
          for (const [index, link] of links.entries()) {
            rmSync(dirname(target), { recursive: true, force: true })
            for (const size of [5, 3]) {
              assert.is(await save(full(index, size), link), 0)
              assert.is(contentOf(target), `${size} of ${index}`)
            }
          }
          assert.equal(
            links.map((link) => readlinkSync(link)),
            ['deep/a', 'one'],
          )
          assert.equal(readdirSync(join(folder, 'deep')), ['a'])
        }),
      )

      it(
        'a file whose folder takes no other: it is written in place',
        withFolder(async (folder) => {
          if (!isUnix) return
          const path = join(folder, 'a')
          writeFileSync(path, 'a longer old content')
          chmodSync(path, 0o666)
          const { ino } = statSync(path)
          chmodSync(folder, 0o555)
          await withoutRoot(async () => {
            for (const size of [30, 4]) {
              assert.is(await save(full(1, size), path), 0)
              assert.is(contentOf(path), `${size} of 1`)
            }
            assert.is(await save(full(1, 9), join(folder, 'b')), BufferError.general)
          })
          chmodSync(folder, 0o755)
          assert.is(statSync(path).ino, ino)
          assert.equal(readdirSync(folder), ['a'])
        }),
      )

      it(
        'a file of somebody else that may be written',
        withFolder(async (folder) => {
          if (!isRoot) return
          const path = join(folder, 'a')
          writeFileSync(path, 'old')
          chmodSync(path, 0o666)
          chmodSync(folder, 0o1777)
          await withoutRoot(async () => {
            assert.is(await save(full(1, 9), path), 0)
          })
          assert.is(contentOf(path), '9 of 1')
          assert.is(statSync(path).uid, 0)
          assert.equal(readdirSync(folder), ['a'])
        }),
      )

      it('devices', async () => {
        if (!isUnix) return
        assert.is(await save(full(1, 100_000), '/dev/null'), 0)
        assert.ok(statSync('/dev/null').isCharacterDevice())
        assert.is(existsSync('/dev/null'), true)
      })

      it(
        'its range',
        withFolder(async (folder) => {
          const path = join(folder, 'a')
          const buffer = createBuffer(8, BufferKind.fixed)
          fillBuffer(buffer, 2, BufferType.u8, 7, 3)
          assert.is(await save(buffer, path), 0)
          assert.is(await save(buffer, path, 1, 3), 0)
          assert.is(hexOf(readFileSync(path)), '000707')
        }),
      )

      it(
        'the other names of a file, with the old content',
        withFolder(async (folder) => {
          const path = join(folder, 'a')
          writeFileSync(path, 'old')
          linkSync(path, join(folder, 'b'))
          assert.is(await save(full(1, 9), path), 0)
          assert.is(readFileSync(join(folder, 'b'), 'utf8'), 'old')
          assert.is(contentOf(path), '9 of 1')
        }),
      )
    })
  }

  spec('a save without room on the disk', (it) => {
    it(
      'fails and leaves the old file, and nothing else',
      withFolder((folder) => {
        if (!isUnix) return
        const path = join(folder, 'a')
        writeFileSync(path, 'old')
        const { stdout } = spawnSync(
          'sh',
          ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath, file, 'save-too-much', path],
          { encoding: 'utf8' },
        )
        assert.is(stdout, '-1\n-1\n')
        assert.is(readFileSync(path, 'utf8'), 'old')
        assert.equal(readdirSync(folder), ['a'])
      }),
    )
  })
}
