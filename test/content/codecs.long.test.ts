import * as fc from 'fast-check'
import { constants, deflateRawSync } from 'node:zlib'
import * as assert from 'uvu/assert'
import * as browser from '../../src/content/codecs.browser.ts'
import * as node from '../../src/content/codecs.node.ts'
import { hexOf } from '../buffer/helpers.ts'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'

const platforms = [
  ['node', node],
  ['browser', browser],
] as const

const limit = 1024 * 1024

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

const hello = '68656c6c6f'
const helloStream = '789ccb48cdc9c90700062c0215'

// Made by Python's zlib.
const streams: [name: string, stream: string, content: string][] = [
  ['fixed codes', helloStream, hello],
  ['a stored block', '7801010500faff68656c6c6f062c0215', hello],
  ['two blocks', '789cca48cd01000000ffffcbc90700062c0215', hello],
  ['a small window', '18d3cb48cdc9c957c84090003a2e067d', '68656c6c6f2068656c6c6f2068656c6c6f'],
  ['nothing in it', '789c030000000001', ''],
  [
    'codes of its own',
    '780105c101010000008220ecffe8402d4a4871009b000c',
    '0001010201000001010001000000010001010000',
  ],
]

const noStreams: [name: string, bytes: string][] = [
  ['nothing', ''],
  ['one byte', '78'],
  ['text', hello],
  ['gzip', '1f8b0800000000000003cb48cdc9c9070086a6103605000000'],
  ['no header', 'cb48cdc9c90700'],
  ['a wrong header check', '789dcb48cdc9c90700062c0215'],
  ['another method', '779fcb48cdc9c90700062c0215'],
  ['a window that is too large', '885fcb48cdc9c90700062c0215'],
  ['a dictionary that nobody knows', '78bb062c0215cb00110a60120019910449'],
  ['a wrong checksum', '789ccb48cdc9c90700062c0216'],
  ['a block type that does not exist', '789c07000000000001'],
  ['a stored block with a wrong length', '7801010500fbff68656c6c6f062c0215'],
  ['a distance to before the start', '789c4bc4030000000001'],
]

spec('codecs', (it) => {
  it('offer the same on both platforms', () => {
    assert.equal(Object.keys(browser).sort(), Object.keys(node).sort())
  })

  for (const [platform, { deflate, digest, inflate }] of platforms) {
    // RFC 1321, RFC 3174 and Python's hashlib.
    it(`${platform}: digests`, () => {
      const million = new Uint8Array(1_000_000).fill(0x61)
      const digests: [bytes: Uint8Array, md5: string, sha1: string][] = [
        [
          fromHex(''),
          'd41d8cd98f00b204e9800998ecf8427e',
          'da39a3ee5e6b4b0d3255bfef95601890afd80709',
        ],
        [
          fromHex(hello),
          '5d41402abc4b2a76b9719d911017c592',
          'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d',
        ],
        [
          fromHex('80ff'),
          'e224580aa65579130b9ea72fe66bbb34',
          '6290103200631075988aa3566d8d8922599f8b6d',
        ],
        [million, '7707d6ae4e027c70eea2a935c2296f21', '34aa973cd4c4daa4f61eeb2bdbad27316534016f'],
      ]
      for (const [bytes, md5, sha1] of digests) {
        assert.is(digest('md5', bytes), md5)
        assert.is(digest('sha1', bytes), sha1)
      }
    })

    for (const [name, stream, content] of streams)
      it(`${platform}: inflates ${name}`, () => {
        const bytes = inflate(fromHex(stream), limit)
        assert.is(bytes && hexOf(bytes), content)
        assert.is(bytes?.constructor, Uint8Array)
      })

    for (const [name, bytes] of noStreams)
      it(`${platform}: refuses ${name}`, () => {
        assert.is(inflate(fromHex(bytes), limit), undefined)
      })

    it(`${platform}: refuses a stream that is cut anywhere`, () => {
      for (const [name, stream] of streams) {
        const bytes = fromHex(stream)
        for (let length = 0; length < bytes.length; length++)
          assert.is(
            inflate(bytes.subarray(0, length), limit),
            undefined,
            `${name}, ${length} bytes`,
          )
      }
    })

    it(`${platform}: ignores what stands behind the stream`, () => {
      for (const rest of ['00', 'ff', '0000000000000000', helloStream, '1f8b08'])
        assert.is(hexOf(inflate(fromHex(helloStream + rest), limit)!), hello, rest)
    })

    it(`${platform}: takes the limit exactly`, () => {
      const content = new Uint8Array(100_000).map((_, at) => at % 7)
      const stream = deflate(content)
      assert.is(inflate(stream, 100_000)?.length, 100_000)
      assert.is(inflate(stream, 99_999), undefined)
      assert.is(inflate(fromHex(helloStream), 5)?.length, 5)
      assert.is(inflate(fromHex(helloStream), 4), undefined)
    })

    it(`${platform}: compresses into a plain array of its own`, () => {
      const content = new Uint8Array(10_000)
      const stream = deflate(content)
      assert.is(stream.constructor, Uint8Array)
      assert.ok(stream.length < 100, `${stream.length} bytes`)
      const copy = stream.slice()
      copy[0] = 0
      assert.is(stream[0], 0x78)
    })

    it(`${platform}: holds no more of a bomb than the limit`, () => {
      const before = process.resourceUsage().maxRSS
      assert.is(inflate(bomb(), limit), undefined)
      const grown = process.resourceUsage().maxRSS - before
      assert.ok(grown < 64 * 1024, `${grown} KiB more`)
    })
  }
})

spec('codecs of both platforms', (it) => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Long and repetitive, so that there are matches, and of any length, so that chunks end anywhere.
    fc.tuple(fc.nat(70_000), fc.integer({ min: 1, max: 60 }), fc.nat()).map(repetitive),
  )

  it('digest alike', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        assert.is(browser.digest('md5', bytes), node.digest('md5', bytes))
        assert.is(browser.digest('sha1', bytes), node.digest('sha1', bytes))
      }),
    )
  })

  it('inflate what either has deflated', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        for (const [, { deflate }] of platforms)
          for (const [, { inflate }] of platforms)
            assert.is(Buffer.compare(inflate(deflate(bytes), limit)!, bytes), 0)
      }),
    )
  })

  it('agree on every stream that is damaged', () => {
    fc.assert(
      fc.property(
        content,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (bytes, damage) => {
          const stream = node.deflate(bytes)
          for (const [at, value] of damage) stream[at % stream.length] = value
          assertSame(stream)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('agree on what is random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        assertSame(bytes)
        assertSame(Uint8Array.from([0x78, 0x9c, ...bytes]))
      }),
      { numRuns: 2000 },
    )
  })
})

/** Half a MiB that would become 512 MiB. It is made without so much ever being there. */
function bomb(): Uint8Array {
  const { Z_SYNC_FLUSH } = constants
  const block = deflateRawSync(new Uint8Array(1024 * 1024), { finishFlush: Z_SYNC_FLUSH })
  return Buffer.concat([fromHex('789c'), ...Array.from({ length: 512 }, () => block)])
}

function repetitive([length, alphabet, seed]: [number, number, number]): Uint8Array {
  const random = mulberry32(seed)
  return Uint8Array.from({ length }, () => Math.floor(random() * alphabet))
}

function assertSame(stream: Uint8Array): void {
  const [one, other] = platforms.map(([, { inflate }]) => inflate(stream, 4 * limit))
  const same = one && other ? Buffer.compare(one, other) === 0 : one === other
  assert.ok(same, hexOf(stream.subarray(0, 100)))
}
